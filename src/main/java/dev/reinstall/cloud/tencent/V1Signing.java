package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.SignedRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The older form: everything, the signature too, in one flat list of parameters. Only as the body
 * of a POST: a GET would write the password into every log on its way.
 *
 * @param algorithm as this cloud and Java both name it: {@code HmacSHA256} or {@code HmacSHA1}
 * @param nonces a positive one for every send
 */
record V1Signing(String algorithm, IntSupplier nonces) implements Signature {

  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  @Override
  public SignedRequest signed(ApiRequest action, Credentials credentials, URI uri)
      throws CloudException {
    SortedMap<String, String> form = FlatParameters.of(action.parameters());
    form.put("Action", action.name());
    form.put("Version", ApiRequest.VERSION);
    form.put("Region", action.region());
    form.put("Timestamp", Long.toString(action.at().getEpochSecond()));
    form.put("Nonce", Integer.toString(nonces.getAsInt()));
    form.put("SecretId", credentials.credential("secretId"));
    form.put("SignatureMethod", algorithm); // signed too, so that it cannot be weakened in between
    Optional<String> token = credentials.optional("token");
    token.ifPresent(it -> form.put("Token", it));
    String toSign = toSign("POST", CloudHttp.hostHeader(uri), uri.getRawPath(), form);
    form.put("Signature", signature(credentials.credential("secretKey"), toSign));
    return new SignedRequest("POST", uri, Map.of("Content-Type", FORM), body(form));
  }

  /**
   * What is signed of a request.
   *
   * @param parameters raw, all but the signature
   */
  static String toSign(
      String method, String host, String path, SortedMap<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining("&", method + host + path + "?", ""));
  }

  /** In Base64. */
  String signature(String secretKey, String toSign) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), algorithm));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  /** Encoded only here: what is signed are the raw values. */
  private static String body(SortedMap<String, String> form) {
    return form.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
