package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ServerLedger.State;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a replayed request ends, as {@code replays.md} says.
 *
 * @param reported "Phase/Reason"
 * @param ledger the state of its entry, {@code none}, or {@code of the first}: still what it was
 *     for the request of this name that was there first
 * @param requestId {@code of the wipe}, {@code if shown}: the same, if the cloud shows operations;
 *     {@code any} or {@code none}
 */
record ReplayEnd(String name, String reported, String ledger, String requestId, String message) {

  static final String OF_THE_FIRST = "of the first";

  /** Whether an open request of the ledger goes on to this end, and nothing else is sent. */
  boolean isOfTheFirstRequest() {
    return ledger.equals(State.Succeeded.name());
  }

  /**
   * @param first the request before the event
   * @param now the request after it
   */
  void check(GivenReinstall first, GivenReinstall now) {
    assertThat(now.reported()).as(now.message()).isEqualTo(reported);
    assertThat(now.message()).matches(messageOf(first));
    assertThat(now.ledger()).isIn(ledgerOf(first));
    switch (requestId) {
      case "of the wipe" -> assertThat(now.requestId()).isEqualTo(first.wipedBy());
      case "if shown" ->
          assertThat(now.requestId())
              .isEqualTo(first.cloud() == CloudUnderTest.TENCENT ? first.wipedBy() : "");
      case "any" -> assertThat(now.requestId()).isNotEmpty();
      case "none" -> assertThat(now.requestId()).isEmpty();
      default -> throw new AssertionError(requestId);
    }
  }

  private List<String> ledgerOf(GivenReinstall first) {
    return switch (ledger) {
      case "none" -> List.of("");
      case OF_THE_FIRST ->
          first.stage() == RequestStage.FINISHED
              ? List.of("Succeeded")
              : List.of("Accepted", "Installing");
      default -> List.of(ledger);
    };
  }

  private Pattern messageOf(GivenReinstall first) {
    boolean tencent = first.cloud() == CloudUnderTest.TENCENT;
    String whole =
        message
            .replace("{first}", first.site().namespace + "/" + first.name())
            .replace("{name}", first.name())
            .replace("{before}", tencent ? "imageId img-pmqg1cw7" : "osTypeId os-1")
            .replace("{installed}", tencent ? "img-ubuntu22" : "os-2");
    return Pattern.compile(
        Arrays.stream(whole.split("[*]", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  @Override
  public String toString() {
    return name;
  }
}
