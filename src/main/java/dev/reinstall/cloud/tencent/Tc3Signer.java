package dev.reinstall.cloud.tencent;

import dev.reinstall.api.Sha256;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Signs with TC3-HMAC-SHA256; never printed. */
record Tc3Signer(String secretId, String secretKey, String service) {

  private static final String ALGORITHM = "TC3-HMAC-SHA256";

  /**
   * What is signed of a request.
   *
   * @param path as sent, from the leading slash
   * @param query as sent, without the question mark
   * @param headers by name; content-type and host at least
   */
  record Request(
      String method, String path, String query, SortedMap<String, String> headers, String body) {

    String canonical() {
      StringBuilder lines = new StringBuilder();
      normal().forEach((name, value) -> lines.append(name).append(':').append(value).append('\n'));
      return String.join(
          "\n", method, path, query, lines.toString(), signedHeaders(), Sha256.hex(body));
    }

    String signedHeaders() {
      return String.join(";", normal().keySet());
    }

    // This cloud signs values in lower case too, whatever case they are sent in.
    private SortedMap<String, String> normal() {
      SortedMap<String, String> normal = new TreeMap<>();
      headers.forEach(
          (name, value) ->
              normal.put(name.toLowerCase(Locale.ROOT), value.trim().toLowerCase(Locale.ROOT)));
      return normal;
    }

    @Override
    public String toString() {
      return "Request[" + method + " " + path + "]";
    }
  }

  /**
   * The Authorization header.
   *
   * @param at the value of X-TC-Timestamp, to the second
   */
  String authorization(Request request, Instant at) {
    String date = LocalDate.ofInstant(at, ZoneOffset.UTC).toString();
    String scope = date + "/" + service + "/tc3_request";
    String toSign =
        String.join(
            "\n",
            ALGORITHM,
            Long.toString(at.getEpochSecond()),
            scope,
            Sha256.hex(request.canonical()));
    byte[] signature = Sha256.hmac("TC3" + secretKey, date, service, "tc3_request", toSign);
    return ALGORITHM
        + " Credential="
        + secretId
        + "/"
        + scope
        + ", SignedHeaders="
        + request.signedHeaders()
        + ", Signature="
        + HexFormat.of().formatHex(signature);
  }

  @Override
  public String toString() {
    return "Tc3Signer[...]";
  }
}
