package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.SignedRequest;
import java.net.URI;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * How calls are written and signed: this cloud's present form, or the older one that some gateways
 * still speak.
 */
public sealed interface Signature permits Tc3Signing, V1Signing {

  /** The names that {@link #named} knows; the first is the usual one. */
  List<String> NAMES = List.of("TC3", "V1-SHA256", "V1-SHA1");

  /**
   * The signature of that name.
   *
   * @param nonces positive and random; only the older form sends them
   */
  static Signature named(String name, IntSupplier nonces) {
    return switch (name) {
      case "TC3" -> new Tc3Signing();
      case "V1-SHA256" -> new V1Signing("HmacSHA256", nonces);
      case "V1-SHA1" -> new V1Signing("HmacSHA1", nonces);
      default -> throw new IllegalArgumentException("not one of " + NAMES);
    };
  }

  /**
   * The request, ready to be sent to this address.
   *
   * @throws CloudException denied, where the account lacks a credential
   */
  SignedRequest signed(ApiRequest action, Credentials credentials, URI uri) throws CloudException;
}
