package dev.reinstall.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles edited sources against the shipped classes; nothing is written to a disk. */
final class Compilation {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  /** It has read the libraries' lists of classes; it is not made for two threads. */
  private static final JavaFileManager FILES = JAVAC.getStandardFileManager(null, null, null);

  private Compilation() {}

  /** The classes of the edited sources, by name. */
  static synchronized Map<String, byte[]> of(List<Edit> edits) throws IOException {
    Map<Path, String> sources = new TreeMap<>();
    for (Edit edit : edits) {
      Path file = edit.file();
      String source = sources.containsKey(file) ? sources.get(file) : Files.readString(file);
      sources.put(file, edit.in(source));
    }
    Made made = new Made();
    StringWriter complaints = new StringWriter();
    boolean compiled =
        JAVAC
            .getTask(
                complaints,
                made,
                null,
                List.of("-proc:none", "-nowarn", "-implicit:none"),
                null,
                sources.entrySet().stream().map(e -> source(e.getKey(), e.getValue())).toList())
            .call();
    if (!compiled) {
      throw new AssertionError("it does not compile:\n" + complaints);
    }
    Map<String, byte[]> classes = new HashMap<>();
    made.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  private static JavaFileObject source(Path file, String text) {
    return new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** Keeps the classes that are made. */
  private static final class Made extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    Made() {
      super(FILES);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      classes.put(name, bytes);
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }

    @Override
    public void close() {
      // the files are the next one's too
    }
  }
}
