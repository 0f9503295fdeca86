package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.cloud.CloudException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueAnswerTest {
  private static final CatalogueQuery QUERY =
      new CatalogueQuery("DescribeImages", "r-1", "img-00000001");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          THROTTLED | RequestLimitExceeded: at 12:01, in call 7 | RequestLimitExceeded
          INVALID   | InvalidParameterValue.A_b-c: x: y         | InvalidParameterValue.A_b-c
          THROTTLED | HTTP 429 RATE_LIMIT: call 7               | HTTP 429 RATE_LIMIT
          THROTTLED | HTTP 429, which is not a response.        | too many calls
          THROTTLED | Not sent: the cloud asked for a pause     | too many calls
          BUSY      | (no code): call 7                         | too many calls
          INVALID   | Not sent: the region has a blank.         | the call is not valid
          NOT_FOUND | (no code): call 7                         | the call is not valid
          NOT_SENT  | No connection to 192.0.2.1: reset         | the cloud cannot be reached
          AMBIGUOUS | The response 7 is not JSON.               | no usable response
          """)
  void equal_failures_have_equal_words(Kind kind, String message, String reason) {
    assertThat(unchecked(new CloudException(kind, message)))
        .isEqualTo("imageId is not checked: DescribeImages failed (" + reason + ").");
  }

  /** A quota, a list of addresses or a wrong key are denied, too. */
  @ParameterizedTest
  @CsvSource({"UnauthorizedOperation: x, UnauthorizedOperation", "no, not allowed"})
  void who_is_denied_may_lack_the_permission(String message, String reason) {
    assertThat(unchecked(new CloudException(Kind.DENIED, message)))
        .isEqualTo(
            "imageId is not checked: DescribeImages failed ("
                + reason
                + "). If a permission is missing, it is name/cvm:DescribeImages.");
  }

  @Test
  void what_was_read_is_checked() {
    assertThat(CatalogueAnswer.of(List.of()).unchecked(QUERY, "imageId", "x")).isEmpty();
  }

  private static String unchecked(CloudException failure) {
    Finding finding =
        CatalogueAnswer.failed(failure)
            .unchecked(QUERY, "imageId", "name/cvm:DescribeImages")
            .orElseThrow();
    assertThat(finding.field()).isEqualTo("spec.imageId");
    assertThat(finding.kind()).isEqualTo(Finding.Kind.UNCHECKED);
    assertThat(Finding.haveError(List.of(finding))).isFalse();
    return finding.message();
  }
}
