package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("deep")
@NeedsControlPlane
class EventRecorderIT {

  @Test
  void the_real_api_takes_an_event_with_the_longest_name_and_message() {
    ControlPlane cluster = ControlPlane.shared();
    Reinstall reinstall =
        StatusReinstalls.with(StatusReinstalls.status("Failed", "Rejected", "拒".repeat(1024)));
    reinstall.getMetadata().setNamespace("default");
    reinstall.getMetadata().setName("n".repeat(199) + "." + "n".repeat(53)); // cut after the dot

    new EventRecorder(cluster.client(), "this-test").record(reinstall, null);

    assertThat(cluster.client().resources(Event.class).inNamespace("default").list().getItems())
        .anySatisfy(
            event ->
                assertThat(event.getRegarding().getName())
                    .isEqualTo(reinstall.getMetadata().getName()));
  }
}
