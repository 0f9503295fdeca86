package dev.reinstall.api;

/**
 * The rules, in CEL, by which the API server itself protects the ledger. The entries are an atomic
 * map and have no old selves, so each rule walks the old map; its cost is within the API server's
 * budget for some ten thousand entries.
 */
final class LedgerValidationRules {

  /** Exclusive: at most one open entry per server. */
  static final String ONE_OPEN =
      """
      !has(self.orders) ||
      self.orders.filter(n, self.orders[n].state in
        ['Stopping', 'Restarting', 'Submitting', 'RejectedBusy', 'Accepted', 'Installing',
          'Starting']).size() <= 1
      """;

  /** An open entry is never removed: its request may be in flight. */
  static final String OPEN_STAYS =
      """
      !has(oldSelf.orders) || oldSelf.orders.all(n, old,
        !(old.state in ['Stopping', 'Restarting', 'Submitting', 'RejectedBusy', 'Accepted',
          'Installing', 'Starting'])
        || (has(self.orders) && n in self.orders))
      """;

  /**
   * A recorded outcome is not lost by mistake: only a claim, by which the ledger grows, may let an
   * old one go.
   */
  static final String ONLY_A_CLAIM_REMOVES =
      """
      self.claims > oldSelf.claims || !has(oldSelf.orders) || oldSelf.orders.all(n,
        has(self.orders) && n in self.orders)
      """;

  /**
   * The states that may follow each state; none leads back to a state from which a request is
   * submitted, but to submit it again with the same token.
   */
  static final String TRANSITIONS =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || self.orders[n].state in {
          'Stopping': ['Stopping', 'Submitting', 'Unknown', 'Released'],
          'Restarting': ['Restarting', 'Released'],
          'Submitting': ['Submitting', 'RejectedBusy', 'Accepted', 'Succeeded', 'Failed', 'Unknown', 'Released'],
          'RejectedBusy': ['RejectedBusy', 'Submitting', 'Accepted', 'Unknown', 'Released'],
          'Accepted': ['Accepted', 'Installing', 'Starting', 'Succeeded', 'Failed', 'Unknown'],
          'Installing': ['Installing', 'Starting', 'Succeeded', 'Failed', 'Unknown'],
          'Starting': ['Starting', 'Succeeded'],
          'Succeeded': ['Succeeded'],
          'Failed': ['Failed'],
          'Unknown': ['Unknown', 'Succeeded', 'Failed', 'Released'],
          'Released': ['Released', 'Stopping', 'Restarting', 'Submitting']}[old.state])
      """;

  /** A recorded outcome is immutable. */
  static final String FINAL_STAYS =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || !(old.state in ['Succeeded', 'Failed']) || self.orders[n] == old)
      """;

  /**
   * An Unknown entry is resolved, or gets what a late response reports: that it was received, and
   * the requestId, which is better than that of an adopted operation; or first evidence of its
   * installation, which a later one may resolve.
   */
  static final String UNKNOWN_IS_RESOLVED =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || old.state != 'Unknown' || self.orders[n].state != 'Unknown'
        || self.orders[n] == old
        || (has(self.orders[n].requestId)
            && (!has(old.requestId) || (has(old.adopted) && old.adopted)))
        || (has(self.orders[n].responseReceived) && self.orders[n].responseReceived
            && (!has(old.requestId)
                || (has(self.orders[n].requestId)
                    && self.orders[n].requestId == old.requestId)))
        || (has(self.orders[n].evidence)
            && (!has(old.evidence) || self.orders[n].evidence != old.evidence)
            && has(self.orders[n].requestId) == has(old.requestId)
            && (!has(old.requestId) || self.orders[n].requestId == old.requestId)))
      """;

  /** The spec hash is that of what was submitted, unless it was certainly not submitted. */
  static final String SPEC_HASH_STAYS =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || old.state == 'Released'
        || (self.orders[n].specHash == old.specHash
            && self.orders[n].specHashVersion == old.specHashVersion))
      """;

  /** A recovering claim sent, or tried to send, what an earlier one may have sent too. */
  static final String RESENDING_IS_NOT_RELEASED =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || !has(old.resending) || !old.resending
        || old.state == 'Released' || self.orders[n].state != 'Released')
      """;

  private LedgerValidationRules() {}
}
