package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Secret values that contain a mark, and the search for that mark. A value begins and ends with the
 * mark, so that a part of it is found, too; what stands between says which value it is.
 */
final class CanaryForms {
  /** With characters that JSON, Go's JSON, HTML and URLs write in another way. */
  static final String MARK = "Cnry<&Q7";

  private static final int EXCERPT = 120;

  private final Map<String, String> forms = new LinkedHashMap<>();

  /**
   * @param whole other secrets, to be found as they are
   */
  CanaryForms(String... whole) {
    add("plain", MARK);
    add("JSON", new String(JsonStringEncoder.getInstance().quoteAsString(MARK)));
    add("Go's JSON", MARK.replace("<", "\\u003c").replace("&", "\\u0026"));
    add("URL-encoded", URLEncoder.encode(MARK, UTF_8));
    add("HTML", MARK.replace("&", "&amp;").replace("<", "&lt;"));
    add("hex", HexFormat.of().formatHex(MARK.getBytes(UTF_8)));
    for (int before = 0; before < 3; before++) {
      String base64 = base64(before);
      add("Base64, after " + before + " bytes", base64);
      add(
          "Base64 for URLs, after " + before + " bytes",
          base64.replace('+', '-').replace('/', '_'));
    }
    for (String secret : whole) {
      add("whole " + forms.size(), secret);
      add(
          "whole in Base64 " + forms.size(),
          Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
    }
  }

  private void add(String name, String form) {
    if (!forms.containsValue(form)) {
      forms.put(name, form);
    }
  }

  /** Without the characters at both ends, which depend on the neighbours. */
  private static String base64(int before) {
    byte[] bytes = ("\0".repeat(before) + MARK).getBytes(UTF_8);
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    return base64.substring((before * Byte.SIZE + 5) / 6, bytes.length * Byte.SIZE / 6);
  }

  /** The number of texts that are looked for in each place. */
  int count() {
    return forms.size();
  }

  /**
   * A secret value of 26 characters: three classes, without blanks.
   *
   * @param of whose it is
   */
  static String value(String of) {
    CRC32 number = new CRC32();
    number.update(of.getBytes(UTF_8));
    return MARK + "-%08x-".formatted(number.getValue()) + MARK;
  }

  /** Each form of the mark that a place contains, with what stands around it. */
  List<String> hits(Map<String, String> places) {
    List<String> hits = new ArrayList<>();
    places.forEach(
        (place, text) ->
            forms.forEach(
                (name, form) -> {
                  for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
                    String around =
                        text.substring(
                            Math.max(0, at - EXCERPT), Math.min(text.length(), at + EXCERPT));
                    hits.add(place + ", " + name + ": ..." + around + "...");
                  }
                }));
    return hits;
  }
}
