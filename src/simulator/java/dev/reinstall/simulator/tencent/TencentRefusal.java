package dev.reinstall.simulator.tencent;

/** The cloud rejects a call, with one of its codes. */
final class TencentRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  TencentRefusal(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }
}
