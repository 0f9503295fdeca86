package dev.reinstall.kubernetes;

import dev.reinstall.api.OperatorPause;
import dev.reinstall.api.Reinstall;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelectorBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the {@linkplain OperatorPause ConfigMap} exists by which a person pauses the operator.
 */
public final class PauseWatch {
  private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);

  private final KubernetesClient client;
  private final String namespace;
  private InformerEventSource<ConfigMap, Reinstall> watch;

  /**
   * @param namespace of the operator itself
   */
  public PauseWatch(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Of this one ConfigMap: each change of it has every request reconciled that is not finished. */
  EventSource<ConfigMap, Reinstall> eventSource(EventSourceContext<Reinstall> context) {
    watch =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ConfigMap.class, Reinstall.class)
                .withName("pause")
                .withNamespaces(namespace)
                .withFieldSelector(
                    new FieldSelectorBuilder()
                        .withField("metadata.name", OperatorPause.NAME)
                        .build())
                .withSecondaryToPrimaryMapper(changed -> unfinished(context))
                .withPrimaryToSecondaryMapper(reinstall -> Set.of()) // it belongs to none of them
                .build(),
            context);
    return watch;
  }

  private Set<ResourceID> unfinished(EventSourceContext<Reinstall> context) {
    cached()
        .ifPresentOrElse(
            reason -> LOG.info("The operator is paused: {}", reason),
            () -> LOG.info("The operator is not paused any more"));
    return context
        .getPrimaryCache()
        .list(one -> one.getStatus() == null || !StatusConverter.isFinished(one.getStatus()))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** Why the operator is paused, as the watch shows it; empty: it is not. */
  Optional<String> cached() {
    return watch.get(new ResourceID(OperatorPause.NAME, namespace)).map(PauseWatch::reason);
  }

  /** The same, fetched uncached. */
  public Optional<String> fetch() {
    return Optional.ofNullable(
            client.configMaps().inNamespace(namespace).withName(OperatorPause.NAME).get())
        .map(PauseWatch::reason);
  }

  private static String reason(ConfigMap pause) {
    return OperatorPause.reason(pause.getData());
  }
}
