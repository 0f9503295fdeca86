package dev.reinstall.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code mvn test -Dtest=MessagesPageTest -Dregenerate} writes the page. */
class MessagesPageTest {

  @Test
  void the_committed_page_has_every_sentence_as_it_is_shown() throws IOException {
    String page = MessagesPage.page();
    if (System.getProperty("regenerate") != null) {
      Files.writeString(MessagesPage.FILE, page);
    }
    assertThat(Files.readString(MessagesPage.FILE))
        .as("run: mvn test -Dtest=MessagesPageTest -Dregenerate, and read what changed")
        .isEqualTo(page);
  }

  @Test
  void no_method_of_the_messages_is_missing() {
    assertThat(MessagesPage.messages().keySet())
        .containsExactlyInAnyOrderElementsOf(MessagesPage.methods())
        .hasSizeGreaterThan(60);
  }

  /** Sentence case and one full stop; what was done to the server is said once. */
  @Test
  void every_status_message_is_made_of_whole_sentences() {
    Set<String> parts = Set.of("unmet", "unmetLabel"); // put into a sentence by its callers
    for (Map.Entry<String, Set<String>> message : MessagesPage.messages().entrySet()) {
      for (String text : message.getValue()) {
        assertThat(text)
            .as(message.getKey())
            .doesNotContain("..", "  ", " .", ":.", ". .", "null")
            .doesNotContainPattern("\\. [a-z](?!pec\\.)")
            .satisfies(t -> assertThat(count(t, "wiped")).isLessThanOrEqualTo(1))
            .satisfies(t -> assertThat(count(t, "retried")).isLessThanOrEqualTo(1));
        if (!parts.contains(message.getKey())) {
          assertThat(text).as(message.getKey()).matches("(?s)(\\p{Lu}|spec\\.).*[.0-9a-z-]");
          assertThat(text.endsWith(".") || text.contains("kubectl "))
              .as(message.getKey() + ": " + text)
              .isTrue();
        }
      }
    }
  }

  /** A request whose outcome is open must not claim that nothing was done. */
  @Test
  void what_may_have_been_sent_is_never_reported_as_unsent() {
    for (String name :
        List.of(
            "responseLost",
            "maybeSent",
            "busySettling",
            "busyUnseen",
            "busyOperationStarted",
            "busyAwaitingInstalled",
            "replacedWhileBusy",
            "rejectedBusy",
            "noEvidence",
            "cannotCheck",
            "reinstallInProgress",
            "resending",
            "resendBlocked",
            "ledgerOutdated",
            "timedOut",
            "installFailed",
            "alreadyCompleted")) {
      assertThat(MessagesPage.messages().get(name))
          .as(name)
          .allSatisfy(
              text ->
                  assertThat(text)
                      .doesNotContain("othing was wiped", "No reinstall request is sent"));
    }
  }

  private static int count(String text, String word) {
    return text.split(word, -1).length - 1;
  }
}
