package dev.reinstall.mutants;

import com.sun.source.util.JavacTask;
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
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles edited sources against the production classes, in memory. */
final class Compilation {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  /** It caches the class lists of the libraries; not thread-safe. */
  private static final JavaFileManager FILES = JAVAC.getStandardFileManager(null, null, null);

  private Compilation() {}

  /** The classes of the edited sources, by name. */
  static synchronized Map<String, byte[]> of(List<Edit> edits) throws IOException {
    Map<Path, String> sources = new TreeMap<>();
    Map<Path, List<Edit>> byFile = edits.stream().collect(Collectors.groupingBy(Edit::file));
    for (Path file : byFile.keySet()) {
      sources.put(file, Edit.all(Files.readString(file), byFile.get(file)));
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
                units(sources))
            .call();
    if (!compiled) {
      throw new AssertionError("it does not compile:\n" + complaints);
    }
    Map<String, byte[]> classes = new HashMap<>();
    made.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  /** Parses these sources, without compiling them. */
  static JavacTask task(Map<Path, String> sources) {
    return (JavacTask)
        JAVAC.getTask(null, FILES, null, List.of("-proc:none"), null, units(sources));
  }

  private static List<JavaFileObject> units(Map<Path, String> sources) {
    return sources.entrySet().stream().map(e -> source(e.getKey(), e.getValue())).toList();
  }

  private static JavaFileObject source(Path file, String text) {
    return new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** Keeps the compiled classes. */
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
      // the files are shared with the next compilation
    }
  }
}
