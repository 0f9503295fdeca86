package dev.reinstall.api;

/** Why an order is in its phase. Strings in the schema, so that no word can fail a status write. */
public enum Reason {
  // Waiting
  NotUnderstood("the order, or the ledger, holds something that only a newer operator knows"),
  ServerRunning("the server is not stopped"),
  ServerBusy("the server is at something else, or is broken"),
  Queued("another order has the server"),
  Suspended("spec.suspend is true"),
  Throttled("the cloud asks for fewer calls"),
  Denied("the cloud refuses the credentials, the permission or the account: a person must act"),
  CredentialsMissing(
      "a Secret or a key of it is missing, may not be read, or holds no usable value"),
  CloudUnreachable("the cloud does not answer, or not sensibly"),
  // Ordering
  Ordering("the server is claimed and the order is being given to the cloud"),
  AwaitingTrace("the order may have been given: the answer was lost, and its trace is looked for"),
  // Installing
  Installing("the cloud said yes and is at work"),
  // Succeeded
  Installed("the cloud confirmed the end of this order"),
  AlreadyDone("an order of this name was carried out before; nothing was done now"),
  // Failed
  InvalidSpec("the order contradicts itself, its cloud or what is installed"),
  Expired("notAfter passed before the order could begin"),
  ServerMissing("the cloud knows no such server in that region and account"),
  Rejected("the cloud refused the order for good"),
  InstallFailed("the cloud accepted the order, and the install failed"),
  NameReused("an order of this name for this server exists with other contents"),
  // Unknown
  OutcomeUnknown("the order was sent, and what became of it cannot be known"),
  LedgerRegressed("the status tells of an order that the ledger does not know");

  private final String meaning;

  Reason(String meaning) {
    this.meaning = meaning;
  }

  /** One line for the documentation. */
  public String meaning() {
    return meaning;
  }
}
