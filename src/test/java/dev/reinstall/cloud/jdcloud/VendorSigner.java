package dev.reinstall.cloud.jdcloud;

import com.jdcloud.sdk.auth.Credentials;
import com.jdcloud.sdk.auth.sign.JdCloudSigner;
import com.jdcloud.sdk.http.DefaultSdkHttpFullRequest;
import com.jdcloud.sdk.http.SdkHttpFullRequest;
import com.jdcloud.sdk.http.SdkHttpMethod;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** JD Cloud's own signer, as a reference; the operator itself must never use its SDK. */
record VendorSigner(String accessKey, String secretKey, String region, String service) {

  /**
   * The headers that it would send, by lower-case name.
   *
   * @param endpoint scheme, host and port
   * @param path not encoded
   * @param query names and values, not encoded
   * @param headers all but Host, date and Authorization
   */
  Map<String, String> sign(
      String method,
      URI endpoint,
      String path,
      List<Map.Entry<String, String>> query,
      Map<String, String> headers,
      String body,
      Instant at) {
    SdkHttpFullRequest.Builder request =
        DefaultSdkHttpFullRequest.builder()
            .httpMethod(SdkHttpMethod.valueOf(method))
            .endpoint(endpoint)
            .resourcePath(path);
    headers.forEach(request::header);
    // All values at once, because a second call replaces the first value.
    Map<String, List<String>> grouped = new TreeMap<>();
    query.forEach(
        pair ->
            grouped.computeIfAbsent(pair.getKey(), name -> new ArrayList<>()).add(pair.getValue()));
    grouped.forEach(request::queryParameter);
    if (!body.isEmpty()) {
      request.content(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }
    JdCloudSigner signer = new JdCloudSigner(true); // true: it encodes the path itself
    signer.setRegionName(region);
    signer.setServiceName(service);
    signer.setOverrideDate(Date.from(at));
    Map<String, String> signed = new TreeMap<>();
    signer
        .sign(request, new Credentials(accessKey, secretKey))
        .getHeaders()
        .forEach(
            (name, values) -> signed.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    return signed;
  }

  @Override
  public String toString() {
    return "VendorSigner[...]";
  }
}
