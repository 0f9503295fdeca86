package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.SignedRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The present form: parameters as JSON, everything else in headers. */
record Tc3Signing() implements Signature {

  private static final String SERVICE = "cvm";
  private static final String JSON = "application/json; charset=utf-8"; // signed byte for byte

  @Override
  public SignedRequest signed(ApiRequest action, Credentials credentials, URI uri)
      throws CloudException {
    String body = action.parameters().toString();
    SortedMap<String, String> signed = new TreeMap<>();
    signed.put("content-type", JSON);
    signed.put("host", CloudHttp.hostHeader(uri));
    signed.put("x-tc-action", action.name());
    Tc3Signer signer =
        new Tc3Signer(
            credentials.credential("secretId"), credentials.credential("secretKey"), SERVICE);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", JSON);
    headers.put("X-TC-Action", action.name());
    headers.put("X-TC-Version", ApiRequest.VERSION);
    headers.put("X-TC-Region", action.region());
    headers.put("X-TC-Language", "en-US");
    headers.put("X-TC-Timestamp", Long.toString(action.at().getEpochSecond()));
    credentials.optional("token").ifPresent(token -> headers.put("X-TC-Token", token));
    headers.put(
        "Authorization",
        signer.authorization(
            new Tc3Signer.Request("POST", uri.getRawPath(), "", signed, body), action.at()));
    return new SignedRequest("POST", uri, headers, body);
  }
}
