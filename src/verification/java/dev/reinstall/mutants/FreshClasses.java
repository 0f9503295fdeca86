package dev.reinstall.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Loads every class of this project again, production and test, with some production classes
 * replaced. The libraries are shared.
 */
final class FreshClasses extends ClassLoader {
  private static final String OURS = "dev.reinstall.";

  private final Map<String, byte[]> edited;

  /**
   * @param edited the replaced classes, by name
   */
  FreshClasses(Map<String, byte[]> edited) {
    super(FreshClasses.class.getClassLoader());
    this.edited = edited;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = edited.containsKey(name) ? edited.get(name) : shipped(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] shipped(String name) throws ClassNotFoundException {
    try (var file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
