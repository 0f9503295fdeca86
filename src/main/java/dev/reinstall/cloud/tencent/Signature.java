package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.SignedRequest;
import java.net.URI;

/**
 * How calls are written and signed: this cloud's present form, or the older one that some gateways
 * still speak.
 */
public interface Signature {

  /**
   * The request, ready to be sent to this address.
   *
   * @throws CloudException denied, where the account lacks a credential
   */
  SignedRequest signed(ApiRequest action, Credentials credentials, URI uri) throws CloudException;
}
