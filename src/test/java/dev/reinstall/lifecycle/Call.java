package dev.reinstall.lifecycle;

/** The calls of a pass to its world before which something may happen. */
enum Call {
  NOW,
  UPTIME,
  NEW_CLAIM,
  ORDER,
  ORDER_NOW,
  SHOW,
  DECLARE,
  ACKNOWLEDGE,
  BOOK,
  BOOK_NOW,
  WRITE,
  ACCOUNT,
  SECRETS,
  LOOK,
  /** Waits for its turn to change a server. */
  RESERVE,
  SEND,
  STOP,
  START,
  /** The answer of the cloud is on its way back. */
  ANSWER
}
