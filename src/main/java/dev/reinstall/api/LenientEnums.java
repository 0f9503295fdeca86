package dev.reinstall.api;

import java.util.Arrays;

/**
 * Reads a choice so that a word of a newer operator is not understood but does not make this one
 * deaf to the whole list. (Jackson's own feature for this is not looked for on a type.)
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
