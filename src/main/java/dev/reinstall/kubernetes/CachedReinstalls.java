package dev.reinstall.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.reinstall.api.RecordFields;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.StoredText;
import dev.reinstall.ledger.SpecHash;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.Cloner;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is kept of the Reinstalls of others, who may write much: neither annotations, labels and
 * managed fields, nor inline user data, nor the contents of unknown fields. It is dropped as an
 * object is read, so that no queue holds it either. A claim fetches the complete one.
 */
public final class CachedReinstalls {
  /** Of a list: so few that the largest objects fit into memory. */
  static final long PAGE = 20;

  private static final int MAX_UNKNOWN_NAMES = 16;
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_TAG = 256; // key or value
  private static final String NOT_KEPT = "(not kept)";
  private static final String USER_DATA = "userData";
  private static final String PRECONDITIONS = "preconditions";

  /**
   * Reads what the API server accepts in unknown fields: one object that cannot be read would fail
   * the list of all of them.
   */
  private static final JsonFactory LENIENT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(20_000) // the API server: 10,000
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Keeps everything. */
  private static final KubernetesSerialization COMPLETE = new KubernetesSerialization();

  private CachedReinstalls() {}

  /** For a client that informers use. */
  public static KubernetesSerialization serialization() {
    SimpleModule module = new SimpleModule("cached-reinstalls");
    module.setDeserializerModifier(
        new BeanDeserializerModifier() {
          private static final long serialVersionUID = 1L;

          @Override
          public JsonDeserializer<?> modifyDeserializer(
              DeserializationConfig config, BeanDescription type, JsonDeserializer<?> whole) {
            return type.getBeanClass() == Reinstall.class ? new Reducing(whole) : whole;
          }
        });
    KubernetesSerialization serialization =
        new KubernetesSerialization(JsonMapper.builder(LENIENT).addModule(module).build(), true);
    // What a watch reports is read at once as what it is, not by way of a generic resource.
    serialization.registerKubernetesResource(Reinstall.class);
    serialization.registerKubernetesResource(ServerLedger.class);
    return serialization;
  }

  /**
   * The framework copies a Reinstall before each reconciliation. Spec and status are immutable, and
   * shared by the copies.
   */
  public static Cloner cloner(KubernetesClient client) {
    return new Cloner() {
      @Override
      @SuppressWarnings("unchecked")
      public <R extends HasMetadata> R clone(R object) {
        return object instanceof Reinstall from
            ? (R) copy(from)
            : client.getKubernetesSerialization().clone(object);
      }
    };
  }

  private static Reinstall copy(Reinstall from) {
    Reinstall copy = new Reinstall();
    copy.setMetadata(new ObjectMetaBuilder(from.getMetadata()).build());
    copy.setSpec(from.getSpec());
    copy.setStatus(from.getStatus());
    copy.getAdditionalProperties().putAll(from.getAdditionalProperties());
    copy.becomePartOf(from.completeSpecHash().orElse(null));
    return copy;
  }

  /** Reads a Reinstall uncached, and all of it, whatever the client keeps; empty: it is gone. */
  static Optional<Reinstall> fetchComplete(KubernetesClient client, String namespace, String name) {
    GenericKubernetesResource found =
        client
            .genericKubernetesResources(
                HasMetadata.getApiVersion(Reinstall.class), HasMetadata.getKind(Reinstall.class))
            .inNamespace(namespace)
            .withName(name)
            .get();
    return Optional.ofNullable(found).map(all -> COMPLETE.convertValue(all, Reinstall.class));
  }

  private static final class Reducing extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Reducing(JsonDeserializer<?> whole) {
      super(whole);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> whole) {
      return new Reducing(whole);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return reduced((Reinstall) super.deserialize(json, context));
    }
  }

  static Reinstall reduced(Reinstall whole) {
    Reinstall reduced = new Reinstall();
    reduced.setApiVersion(whole.getApiVersion());
    reduced.setKind(whole.getKind());
    reduced.setMetadata(reduced(whole.getMetadata()));
    reduced.setStatus(whole.getStatus());
    reduced.getAdditionalProperties().putAll(names(whole.getAdditionalProperties()));
    ReinstallSpec spec = whole.getSpec();
    if (spec != null) {
      reduced.setSpec((ReinstallSpec) reduced((Record) spec));
      if (spec != reduced.getSpec()) {
        reduced.becomePartOf(hash(spec));
      }
    }
    return reduced;
  }

  private static String hash(ReinstallSpec spec) {
    try {
      return SpecHash.of(spec);
    } catch (RuntimeException e) {
      return NOT_KEPT; // contents of unknown fields that are nested too deeply: no entry's hash
    }
  }

  private static ObjectMeta reduced(ObjectMeta all) {
    return all == null
        ? null
        : new ObjectMetaBuilder()
            .withNamespace(all.getNamespace())
            .withName(all.getName())
            .withGenerateName(all.getGenerateName())
            .withUid(all.getUid())
            .withResourceVersion(all.getResourceVersion())
            .withGeneration(all.getGeneration())
            .withCreationTimestamp(all.getCreationTimestamp())
            .withDeletionTimestamp(all.getDeletionTimestamp())
            .build();
  }

  /** A spec consists of records; unknown fields are in maps. */
  private static Object reduced(String field, Object part) {
    if (field.equals(USER_DATA)) {
      return null;
    }
    if (part instanceof Map<?, ?> fields) {
      Map<String, Object> kept = field.equals(PRECONDITIONS) ? texts(fields) : names(fields);
      return kept.equals(fields) ? fields : kept;
    }
    return part instanceof Record whole ? reduced(whole) : part;
  }

  private static Record reduced(Record whole) {
    Map<String, Object> fields = RecordFields.of(whole);
    Object[] values =
        fields.entrySet().stream().map(f -> reduced(f.getKey(), f.getValue())).toArray();
    if (Arrays.equals(values, fields.values().toArray())) {
      return whole;
    }
    Class<?>[] types =
        Stream.of(whole.getClass().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> canonical = whole.getClass().getDeclaredConstructor(types);
      return canonical.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record can be built of its components", e);
    }
  }

  /** What a precondition may be is a short text, or such texts; everything else is unknown. */
  private static Map<String, Object> texts(Map<?, ?> preconditions) {
    Map<String, Object> kept = names(preconditions);
    kept.replaceAll((name, any) -> shortText(preconditions.get(name), StoredText.INSTALLED));
    preconditions.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> tags && areTags(tags)) {
            kept.replace(String.valueOf(name), tags);
          }
        });
    return kept;
  }

  private static boolean areTags(Map<?, ?> tags) {
    return tags.size() <= MAX_UNKNOWN_NAMES
        && tags.keySet().stream().allMatch(key -> String.valueOf(key).length() <= LONGEST_TAG)
        && tags.values().stream()
            .allMatch(tag -> tag instanceof String text && text.length() <= LONGEST_TAG);
  }

  private static String shortText(Object value, int most) {
    return value instanceof String text && text.length() <= most ? text : NOT_KEPT;
  }

  private static Map<String, Object> names(Map<?, ?> unknown) {
    Map<String, Object> names = new TreeMap<>();
    unknown.keySet().stream()
        .map(String::valueOf)
        .sorted()
        .limit(MAX_UNKNOWN_NAMES)
        .map(name -> name.substring(0, Math.min(LONGEST_NAME, name.length())))
        .forEach(name -> names.put(name, NOT_KEPT));
    return names;
  }
}
