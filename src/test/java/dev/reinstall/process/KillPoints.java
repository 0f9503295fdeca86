package dev.reinstall.process;

import dev.reinstall.process.KillPoint.End;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** The kill points of one cloud's requests; each request has its own server. */
final class KillPoints {
  private final CloudUnderTest vendor;
  private final String prefix;
  private final String more;
  final List<KillPoint> all = new ArrayList<>();

  /**
   * @param prefix of the servers' ids, five letters
   * @param more lines of the requests' specs
   */
  KillPoints(CloudUnderTest vendor, String prefix, String more) {
    this.vendor = vendor;
    this.prefix = prefix;
    this.more = more;
  }

  private void add(KillPoint point) {
    all.add(point.with(more));
  }

  private String id() {
    return vendor.id(prefix + "%03d".formatted(all.size()));
  }

  void aroundLedger(String what, int nth, End before, End after) {
    aroundWrite("the ledger write of " + what, ApiCall::writesLedgerOf, nth, before, after);
  }

  void aroundStatus(String what, int nth, End before, End after) {
    aroundWrite("the status " + what, ApiCall::writesStatusOf, nth, before, after);
  }

  private void aroundWrite(
      String what, BiPredicate<ApiCall, String> which, int nth, End before, End after) {
    add(KillPoint.write(vendor, id(), "before " + what, which, nth, true, before));
    add(KillPoint.write(vendor, id(), "after " + what, which, nth, false, after));
  }

  void aroundCall(String what, String action, int nth, End before, End after) {
    add(KillPoint.beforeCall(vendor, id(), "before " + what, action, nth, before));
    add(KillPoint.afterCall(vendor, id(), "after " + what, action, nth, after));
  }

  void late(String what, String action, End end) {
    add(KillPoint.lateCall(vendor, id(), "before " + what, action, 1, end));
  }
}
