package dev.reinstall.api;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the fields of the records of this API, whatever cloud they are of. */
public final class RecordFields {

  private static final ClassValue<List<RecordComponent>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          return List.of(type.getRecordComponents());
        }
      };

  private RecordFields() {}

  /** The components by name, as they are declared; a value may be null. */
  public static Map<String, Object> of(Record of) {
    Map<String, Object> fields = new LinkedHashMap<>();
    try {
      for (RecordComponent component : COMPONENTS.get(of.getClass())) {
        fields.put(component.getName(), component.getAccessor().invoke(of));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record shows its components", e);
    }
    return fields;
  }

  /** The same record with another value of one component. */
  static <T extends Record> T with(T of, String name, Object value) {
    Map<String, Object> fields = of(of);
    fields.put(name, value);
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) of.getClass();
    Class<?>[] types =
        COMPONENTS.get(type).stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(fields.values().toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record has its constructor", e);
    }
  }
}
