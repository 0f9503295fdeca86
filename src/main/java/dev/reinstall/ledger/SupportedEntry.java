package dev.reinstall.ledger;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;

/** Whether this operator understands an entry, and finds in it what every operator writes. */
final class SupportedEntry {
  private SupportedEntry() {}

  static boolean isSupported(Entry entry) {
    return entry.state() != State.UNRECOGNIZED
        && entry.specHashVersion() == SpecHash.VERSION
        && entry.claimTime() != null
        && switch (entry.state()) {
          case Stopping, Submitting -> hasClaim(entry);
          case Restarting -> hasClaim(entry) && entry.start() != null;
          case RejectedBusy -> hasClaim(entry) && entry.reason() != null;
          case Starting -> entry.start() != null;
          default -> true;
        };
  }

  private static boolean hasClaim(Entry entry) {
    return entry.claimId() != null && entry.sendTimeout() != null;
  }
}
