package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Call;
import dev.reinstall.cloud.CloudException;
import java.net.URI;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * How calls are written and signed: this cloud's present form, or the older one that some gateways
 * still speak.
 */
public sealed interface Signature permits Tc3, V1 {

  /** The names that {@link #named} knows; the first is the usual one. */
  List<String> NAMES = List.of("TC3", "V1-SHA256", "V1-SHA1");

  /**
   * The signature of that name.
   *
   * @param nonces positive and random; only the older form sends them
   */
  static Signature named(String name, IntSupplier nonces) {
    return switch (name) {
      case "TC3" -> new Tc3();
      case "V1-SHA256" -> new V1("HmacSHA256", nonces);
      case "V1-SHA1" -> new V1("HmacSHA1", nonces);
      default -> throw new IllegalArgumentException("not one of " + NAMES);
    };
  }

  /**
   * The request, ready to be sent to this address.
   *
   * @throws CloudException denied, where the account lacks a credential
   */
  Call signed(Action action, Account account, URI uri) throws CloudException;
}
