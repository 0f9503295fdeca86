package dev.reinstall.api;

/**
 * The rules, in CEL, by which the API server itself guards what the ledger must not forget. The
 * orders are an atomic map, whose entries have no old selves, so each rule walks the old map; its
 * cost is within the API server's budget for some ten thousand orders.
 */
final class LedgerValidationRules {

  /** Exclusive: at most one open order a server. */
  static final String ONE_OPEN =
      """
      !has(self.orders) ||
      self.orders.filter(n, self.orders[n].state in ['Stopping', 'Submitting', 'Accepted', 'Installing']).size() <= 1
      """;

  /** An open order is never taken out: it may be under way to the cloud. */
  static final String OPEN_STAYS =
      """
      !has(oldSelf.orders) || oldSelf.orders.all(n, old,
        !(old.state in ['Stopping', 'Submitting', 'Accepted', 'Installing'])
        || (has(self.orders) && n in self.orders))
      """;

  /**
   * From each state the states that may follow; nothing leads back to an order that may be sent.
   */
  static final String TRANSITIONS =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || self.orders[n].state in {
          'Stopping': ['Stopping', 'Submitting', 'Unknown', 'Released'],
          'Submitting': ['Submitting', 'Accepted', 'Succeeded', 'Failed', 'Unknown', 'Released'],
          'Accepted': ['Accepted', 'Installing', 'Succeeded', 'Failed', 'Unknown'],
          'Installing': ['Installing', 'Succeeded', 'Failed', 'Unknown'],
          'Succeeded': ['Succeeded'],
          'Failed': ['Failed'],
          'Unknown': ['Unknown', 'Succeeded', 'Failed', 'Released'],
          'Released': ['Released', 'Stopping', 'Submitting']}[old.state])
      """;

  /** What became of an order is history. */
  static final String FINAL_STAYS =
      """
      !has(oldSelf.orders) || !has(self.orders) || oldSelf.orders.all(n, old,
        !(n in self.orders) || !(old.state in ['Succeeded', 'Failed']) || self.orders[n] == old)
      """;

  /**
   * An Unknown order is resolved, or given what a late receipt says: that it was answered, and the
   * requestId, which is better than one that was adopted from a trace.
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
                    && self.orders[n].requestId == old.requestId))))
      """;

  /** What was ordered is what was sent, unless it surely was not. */
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
