package dev.reinstall.reconcile;

import io.fabric8.generator.annotation.Size;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Map;

/** What the API server refuses for its length, or as no time, whoever writes it. */
final class SchemaBounds {
  private SchemaBounds() {}

  /**
   * @throws InvariantViolation names the first field that is too long
   */
  static void check(Record written) {
    for (RecordComponent component : written.getClass().getRecordComponents()) {
      Object value;
      try {
        value = component.getAccessor().invoke(written);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
      check(component.getName(), value, component.getAnnotatedType());
    }
  }

  private static void check(String field, Object value, AnnotatedType type) {
    Size size = type.getAnnotation(Size.class);
    if (value instanceof String text
        && size != null
        && text.codePointCount(0, text.length()) > size.max()) {
      throw new InvariantViolation("schema: " + field + " is longer than " + size.max());
    }
    if (value instanceof Instant time && !time.toString().matches("[0-9]{4}-.*")) {
      throw new InvariantViolation("schema: " + field + " is not a time of RFC 3339");
    }
    if (value instanceof Record nested) {
      check(nested);
    }
    if (value instanceof Map<?, ?> map && type instanceof AnnotatedParameterizedType typed) {
      AnnotatedType values = typed.getAnnotatedActualTypeArguments()[1];
      map.values().forEach(one -> check(field, one, values));
    }
  }
}
