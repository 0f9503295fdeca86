package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ExitReasonTest {
  private static final String REMEDY =
      ". Check the operator's ServiceAccount, and grant its permissions: kubectl apply -k deploy,"
          + " or helm upgrade.";

  @Test
  void a_missing_permission_is_one_line_with_the_remedy() {
    Throwable denied =
        new KubernetesClientException(
            new StatusBuilder()
                .withCode(403)
                .withMessage("reinstalls.reinstall.dev is forbidden: User \"x\" cannot list")
                .build());

    ExitReason why =
        ExitReason.of(new OperatorException("at the start", new CompletionException(denied)));

    assertThat(why.message())
        .isEqualTo("reinstalls.reinstall.dev is forbidden: User \"x\" cannot list" + REMEDY);
    assertThat(why.trace()).isNull();
  }

  @Test
  void a_denied_watch_has_no_words_of_the_api_server() {
    Throwable denied = new KubernetesClientException("Received 403 on websocket", 403, null);

    assertThat(ExitReason.of(denied))
        .isEqualTo(new ExitReason("Received 403 on websocket" + REMEDY, null));
  }

  @Test
  void a_refused_start_says_what_to_do_itself() {
    assertThat(ExitReason.of(new StartException("Set POD_NAMESPACE.")))
        .isEqualTo(new ExitReason("Set POD_NAMESPACE.", null));
  }

  @Test
  void anything_else_is_named_by_its_cause_and_has_a_stack_trace() {
    Throwable failure =
        new OperatorException("at the start", new IllegalStateException("no memory"));

    assertThat(ExitReason.of(failure)).isEqualTo(new ExitReason("no memory", failure));
    Throwable unavailable = new KubernetesClientException("unavailable", 503, null);
    assertThat(ExitReason.of(unavailable)).isEqualTo(new ExitReason("unavailable", unavailable));
  }
}
