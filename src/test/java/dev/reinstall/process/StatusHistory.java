package dev.reinstall.process;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** The successive statuses of the Reinstalls of a namespace. */
final class StatusHistory
    implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {
  private static final Pattern WRITE_TIME = Pattern.compile("\"lastTransitionTime\":\"[^\"]*\",?");

  private final Map<String, List<String>> reported = new ConcurrentHashMap<>();
  private final Map<String, List<String>> whole = new ConcurrentHashMap<>();
  private SharedIndexInformer<GenericKubernetesResource> watch;

  private StatusHistory() {}

  static StatusHistory of(KubernetesClient client, String namespace) {
    StatusHistory story = new StatusHistory();
    story.watch =
        client
            .genericKubernetesResources("reinstall.dev/v1alpha1", "Reinstall")
            .inNamespace(namespace)
            .inform(story);
    return story;
  }

  /** Each as "Phase/Reason", without repetitions. */
  List<String> of(String order) {
    return List.copyOf(reported.getOrDefault(order, List.of()));
  }

  /** Each as JSON, without the times of its writes. */
  List<String> whole(String order) {
    return List.copyOf(whole.getOrDefault(order, List.of()));
  }

  private void hear(GenericKubernetesResource order) {
    Object phase = order.get("status", "phase");
    if (phase == null) {
      return;
    }
    whole
        .computeIfAbsent(order.getMetadata().getName(), n -> new CopyOnWriteArrayList<>())
        .add(WRITE_TIME.matcher(Serialization.asJson(order.get("status"))).replaceAll(""));
    String now = phase + "/" + order.get("status", "reason");
    List<String> words =
        reported.computeIfAbsent(order.getMetadata().getName(), n -> new CopyOnWriteArrayList<>());
    if (words.isEmpty() || !words.get(words.size() - 1).equals(now)) {
      words.add(now);
    }
  }

  @Override
  public void onAdd(GenericKubernetesResource order) {
    hear(order);
  }

  @Override
  public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource order) {
    hear(order);
  }

  @Override
  public void onDelete(GenericKubernetesResource order, boolean stateUnknown) {
    hear(order);
  }

  @Override
  public void close() {
    watch.close();
  }
}
