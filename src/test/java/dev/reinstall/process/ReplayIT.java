package dev.reinstall.process;

/**
 * The same manifest is applied again: by hand, by Argo CD, by Flux, in another namespace. The
 * object is new, the request is the same.
 */
class ReplayIT extends ReplayedRequests {
  @Override
  void start() {
    site = new TestCluster();
    site.newNamespace();
    site.startOperator();
  }

  @Override
  void happen() {
    happenToEach();
  }
}
