package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The forms of this cloud's signature; the documentation describes the older one. */
public enum JdSignature {
  /** As documented, and as the vendor's Java client signs. */
  JDCLOUD2,
  /** As the vendor's Python client of 2026 signs. */
  JDCLOUD3;

  /** The names that a setting may have; the first is the usual one. */
  public static List<String> names() {
    return Stream.of(values()).map(Enum::name).toList();
  }

  String algorithm() {
    return name() + "-HMAC-SHA256";
  }

  /** The last part of the scope, and of the key. */
  String terminator() {
    return name().toLowerCase(Locale.ROOT) + "_request";
  }

  /** A header's value as it is signed. */
  String signedValue(String value) {
    String trimmed = value.trim();
    return this == JDCLOUD2 ? trimmed.replaceAll("\\s+", " ") : trimmed;
  }

  /** Headers that are sent with a call and are not signed. */
  Map<String, String> unsignedHeaders(String body) {
    return this == JDCLOUD2
        ? Map.of()
        : Map.of(algorithm(), algorithm(), "x-jdcloud-content-sha256", Sha256.hex(body));
  }

  /** What a person can do where the cloud refuses the signature. */
  String whenRefused() {
    JdSignature other = this == JDCLOUD2 ? JDCLOUD3 : JDCLOUD2;
    return "(The call was signed in the form "
        + name()
        + ". If the credentials are right, try REINSTALL_JDCLOUD_SIGNATURE="
        + other.name()
        + ".)";
  }
}
