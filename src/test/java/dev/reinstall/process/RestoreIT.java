package dev.reinstall.process;

/** Backups are restored while no operator runs. */
class RestoreIT extends ReplayedRequests {
  private OperatorProcess operator;

  @Override
  void start() {
    site = RequestStage.site();
    operator = site.startOperator();
  }

  @Override
  void happen() {
    operator.kill();
    happenToEach();
    site.startOperator();
  }
}
