package dev.reinstall.api;

import java.util.Arrays;

/**
 * Reads an enum so that a value of a newer operator is unrecognized but does not fail the whole
 * list. (Jackson does not support this feature on a type.)
 */
final class LenientEnums {

  private LenientEnums() {}

  static <E extends Enum<E>> E parse(Class<E> choice, String word, E notUnderstood) {
    return Arrays.stream(choice.getEnumConstants())
        .filter(constant -> constant.name().equals(word))
        .findFirst()
        .orElse(notUnderstood);
  }
}
