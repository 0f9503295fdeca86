package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.reinstall.cloud.CloudException.Kind;
import java.lang.management.ManagementFactory;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResultTest {

  private static final String DATE = "Tue, 01 Sep 2026 10:00:00 GMT";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 | PT5S",
        "0 | PT0S",
        "3600 | PT1H",
        "3601 | PT1H",
        "99999999999999999999999999 | PT1H",
        "Tue, 01 Sep 2026 10:00:30 GMT | PT30S",
        "Tue, 01 Sep 2026 09:00:00 GMT | PT0S",
        "Wed, 01 Sep 2027 10:00:00 GMT | PT1H",
        "-5 | ",
        "1.5 | ",
        "soon | ",
        "2026-09-01T10:00:30Z | ",
      })
  void a_pause_is_seconds_or_a_date_by_the_clouds_clock_and_at_most_an_hour(
      String header, Duration pause) {
    assertThat(response(Map.of("Retry-After", header, "Date", DATE), "").retryAfter())
        .isEqualTo(pause);
  }

  @Test
  void a_pause_until_a_date_says_nothing_without_the_clouds_clock() {
    assertThat(response(Map.of("Retry-After", DATE), "").retryAfter()).isNull();
  }

  @Test
  void the_clouds_clock_is_its_date_header() {
    assertThat(response(Map.of("date", DATE), "").date())
        .contains(Instant.parse("2026-09-01T10:00:00Z"));
    assertThat(response(Map.of("date", "yesterday"), "").date()).isEmpty();
    assertThat(response(Map.of(), "").date()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"{}\"",
        "7",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "// {}\n{}",
        "\ufeff{}",
        "<html>wiped</html>"
      })
  void what_is_not_one_plain_json_object_is_ambiguous_and_not_quoted(String body) {
    HttpResult result = response(Map.of("Retry-After", "5"), body);
    CloudException failure = catchThrowableOfType(CloudException.class, result::json);
    assertThat(failure).isNotNull().hasMessageNotContaining("wiped");
    assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(5));
  }

  @Test
  void json_too_deep_or_too_long_for_its_reader_is_ambiguous() {
    for (String body :
        List.of(
            "{\"a\":".repeat(5000) + "1" + "}".repeat(5000), "{\"a\":" + "1".repeat(5000) + "}")) {
      CloudException failure =
          catchThrowableOfType(CloudException.class, () -> response(Map.of(), body).json());
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
    }
  }

  static Stream<String> crowdedBodies() {
    return Stream.of("{}", "{\"a\":{}}", "[]", "[[]]", "0", "\"\"", "null")
        .map(
            element ->
                "{\"Response\":{\"InstanceSet\":["
                    + (element + ",").repeat((CloudHttp.MAX_BYTES - 50) / (element.length() + 1))
                    + element
                    + "]}}");
  }

  /** Ten of them are read at the same time, in a heap of 256 MB. */
  @ParameterizedTest
  @MethodSource("crowdedBodies")
  void a_body_of_many_small_values_takes_little_memory_and_is_ambiguous(String body) {
    HttpResult result = response(Map.of(), body);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThatThrownBy(result::json).isNotNull(); // loads the classes
    long before = threads.getCurrentThreadAllocatedBytes();
    CloudException failure = catchThrowableOfType(CloudException.class, result::json);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(8L << 20);
    assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(failure)
        .hasMessage("The response (HTTP 200) has more values than a description of 100 servers.");
  }

  @Test
  void a_description_of_a_hundred_servers_with_all_that_they_may_have_fits() throws CloudException {
    String disk = "{\"DiskType\":\"CLOUD_PREMIUM\",\"DiskId\":\"disk-01234567\",\"DiskSize\":100}";
    String tag = "{\"Key\":\"team\",\"Value\":\"a\"}";
    String server =
        ("{\"InstanceId\":\"ins-01234567\",\"InstanceState\":\"RUNNING\","
                + IntStream.range(0, 40)
                    .mapToObj(field -> "\"Field%02d\":\"value-%02d\"".formatted(field, field))
                    .collect(Collectors.joining(","))
                + ",\"DataDisks\":[%s],\"Tags\":[%s]}")
            .formatted(
                String.join(",", Collections.nCopies(6, disk)),
                String.join(",", Collections.nCopies(10, tag)));
    String body =
        "{\"Response\":{\"InstanceSet\":["
            + String.join(",", Collections.nCopies(100, server))
            + "]}}";
    assertThat(body.length()).isLessThan(CloudHttp.MAX_BYTES);
    assertThat(
            response(Map.of(), body)
                .json()
                .object("Response")
                .orElseThrow()
                .objects("InstanceSet")
                .orElseThrow())
        .hasSize(100);
  }

  @Test
  void an_absent_field_and_null_are_empty() throws CloudException {
    Fields fields = response(Map.of(), "{\"a\":null}").json();
    for (String name : List.of("a", "b")) {
      assertThat(fields.text(name)).isEmpty();
      assertThat(fields.number(name)).isEmpty();
      assertThat(fields.flag(name)).isEmpty();
      assertThat(fields.object(name)).isEmpty();
      assertThat(fields.objects(name)).isEmpty();
    }
  }

  @Test
  void fields_are_read_by_their_type() throws CloudException {
    Fields fields =
        response(Map.of(), "{\"t\":\"x\",\"n\":7,\"f\":true,\"o\":{\"t\":\"y\"},\"a\":[{}]}")
            .json();
    assertThat(fields.text("t")).contains("x");
    assertThat(fields.number("n")).contains(7);
    assertThat(fields.flag("f")).contains(true);
    assertThat(fields.object("o").orElseThrow().text("t")).contains("y");
    assertThat(fields.objects("a").orElseThrow()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "1.5",
        "\"true\"",
        "\"7\"",
        "true",
        "{}",
        "[]",
        "[1]",
        "[null]",
        "1e999999999"
      })
  void a_field_of_another_type_is_ambiguous(String value) throws CloudException {
    Fields fields = response(Map.of(), "{\"x\":" + value + "}").json();
    assertUnclearUnless(value.startsWith("\""), () -> fields.text("x"));
    assertUnclearUnless(value.equals("1"), () -> fields.number("x"));
    assertUnclearUnless(value.equals("true"), () -> fields.flag("x"));
    assertUnclearUnless(value.equals("{}"), () -> fields.object("x"));
    assertUnclearUnless(value.equals("[]"), () -> fields.objects("x"));
  }

  private interface Access {
    void read() throws CloudException;
  }

  private static void assertUnclearUnless(boolean fine, Access access) {
    CloudException failure = catchThrowableOfType(CloudException.class, access::read);
    if (fine) {
      assertThat(failure).isNull();
    } else {
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.AMBIGUOUS);
    }
  }

  private static HttpResult response(Map<String, String> headers, String body) {
    Map<String, List<String>> lists = new HashMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return new HttpResult(200, HttpHeaders.of(lists, (name, value) -> true), body);
  }
}
