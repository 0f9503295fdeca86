package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Call;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The present form: parameters as JSON, everything else in headers. */
record Tc3() implements Signature {

  private static final String SERVICE = "cvm";
  private static final String JSON = "application/json; charset=utf-8"; // signed byte for byte

  @Override
  public Call signed(Action action, Account account, URI uri) throws CloudException {
    String body = action.parameters().toString();
    SortedMap<String, String> signed = new TreeMap<>();
    signed.put("content-type", JSON);
    signed.put("host", CloudHttp.hostHeader(uri));
    signed.put("x-tc-action", action.name());
    Tc3Signer signer =
        new Tc3Signer(account.credential("secretId"), account.credential("secretKey"), SERVICE);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", JSON);
    headers.put("X-TC-Action", action.name());
    headers.put("X-TC-Version", Action.VERSION);
    headers.put("X-TC-Region", action.region());
    headers.put("X-TC-Language", "en-US");
    headers.put("X-TC-Timestamp", Long.toString(action.at().getEpochSecond()));
    account.optional("token").ifPresent(token -> headers.put("X-TC-Token", token));
    headers.put(
        "Authorization",
        signer.authorization(
            new Tc3Signer.Request("POST", uri.getRawPath(), "", signed, body), action.at()));
    return new Call("POST", uri, headers, body);
  }
}
