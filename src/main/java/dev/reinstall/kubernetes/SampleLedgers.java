package dev.reinstall.kubernetes;

import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.State;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Ledgers of no server, in which every field that this operator knows is filled and, in one or the
 * other, every word is used: read off the records themselves, so that none is forgotten.
 */
final class SampleLedgers {
  private static final String UNRECOGNIZED = "UNRECOGNIZED"; // never written
  private static final String TEXT = "aa-1"; // fits every pattern of the schema

  private SampleLedgers() {}

  /** As many as the longest choice, that of the states, has words. */
  static List<ServerLedger> make() {
    return IntStream.range(0, words(State.class).size())
        .mapToObj(
            turn -> {
              ServerLedger resource = new ServerLedger();
              resource.setMetadata(new ObjectMetaBuilder().withName("complete-" + turn).build());
              resource.setSpec((ServerLedger.Spec) complete(ServerLedger.Spec.class, turn));
              return resource;
            })
        .toList();
  }

  private static Object complete(Class<?> type, int turn) {
    RecordComponent[] fields = type.getRecordComponents();
    Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(fields).map(field -> value(field, turn)).toArray();
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private static Object value(RecordComponent field, int turn) {
    return field.getType() == Map.class
        ? map((ParameterizedType) field.getGenericType(), turn)
        : value(field.getType(), turn);
  }

  /** One of anything is what a newer operator wrote: empty here. */
  private static Map<String, Object> map(ParameterizedType map, int turn) {
    Class<?> values = (Class<?>) map.getActualTypeArguments()[1];
    return values == Object.class ? Map.of() : Map.of(TEXT, value(values, turn));
  }

  private static Object value(Class<?> type, int turn) {
    if (type.isRecord()) {
      return complete(type, turn);
    }
    if (type.isEnum()) {
      List<?> words = words(type);
      return words.get(turn % words.size());
    }
    return switch (type.getSimpleName()) {
      case "String" -> TEXT;
      case "Integer" -> 1;
      case "Long" -> 1L;
      case "Boolean" -> true;
      case "Instant" -> Instant.EPOCH;
      default -> throw new IllegalStateException("no value for a " + type);
    };
  }

  private static List<?> words(Class<?> choice) {
    return Arrays.stream(choice.getEnumConstants())
        .filter(word -> !word.toString().equals(UNRECOGNIZED))
        .toList();
  }
}
