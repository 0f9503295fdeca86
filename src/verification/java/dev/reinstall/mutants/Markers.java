package dev.reinstall.mutants;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The marked places of some sources. A marker is a comment, {@code // guard: a-name} or a block
 * comment with these words, and is bound to the code that starts after it; {@code named:} instead
 * of {@code guard:} marks code that is not a guard, for rows to use.
 */
final class Markers {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern COMMENT = Pattern.compile("(?://|/[*]) *(guard|named):([^*\n]*)");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern BLANK =
      Pattern.compile("(?:\\s|//[^\n]*|/[*](?:[^*]|[*](?!/))*[*]/)*+");

  private static Markers shipped;

  /** By name. */
  private final Map<String, Marker> all = new TreeMap<>();

  private Markers() {}

  /** Those of the production code; it is parsed once. */
  static synchronized Markers shipped() {
    if (shipped == null) {
      Map<Path, String> sources = new TreeMap<>();
      try (var files = Files.walk(SOURCES)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          sources.put(file, Files.readString(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      shipped = of(sources);
    }
    return shipped;
  }

  static Markers of(Map<Path, String> sources) {
    Markers markers = new Markers();
    JavacTask task = Compilation.task(sources);
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        markers.read(new Source(Path.of(unit.getSourceFile().toUri()), unit, positions));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return markers;
  }

  Marker named(String name) {
    if (!all.containsKey(name)) {
      throw new AssertionError("no marker in the code has the name " + name);
    }
    return all.get(name);
  }

  Collection<Marker> all() {
    return all.values();
  }

  private void read(Source source) {
    Matcher comments = COMMENT.matcher(source.text());
    while (comments.find()) {
      String name = comments.group(2).trim();
      if (!NAME.matcher(name).matches()) {
        throw new AssertionError(source.file() + ": not the name of a marker: " + name);
      }
      int code = afterBlank(source.text(), comments.start());
      Marker marker = bound(comments.group(1).equals("guard"), name, source, code);
      Marker other = all.put(name, marker);
      if (other != null) {
        throw new AssertionError(
            "two markers have the name %s: in %s and in %s"
                .formatted(name, other.source().file(), source.file()));
      }
    }
  }

  /** Where the next token starts. */
  private static int afterBlank(String text, int from) {
    Matcher blank = BLANK.matcher(text).region(from, text.length());
    return blank.lookingAt() ? blank.end() : from;
  }

  /**
   * The largest expression that starts at this place; but of a chain of {@code &&} or {@code ||}
   * the first operand. Before an operator: its right operand. Before a dot: that call.
   */
  private static Marker bound(boolean guard, String name, Source source, int code) {
    List<TreePath> here = new ArrayList<>();
    List<TreePath> chains = new ArrayList<>();
    List<Marker> others = new ArrayList<>();
    new TreePathScanner<Void, Void>() {
      @Override
      public Void scan(Tree tree, Void nothing) {
        if (tree != null && getCurrentPath() != null && source.from(tree) == code) {
          (isChain(tree) ? chains : here).add(new TreePath(getCurrentPath(), tree));
        }
        return super.scan(tree, nothing);
      }

      @Override
      public Void visitBinary(BinaryTree tree, Void nothing) {
        if (afterBlank(source.text(), source.to(tree.getLeftOperand())) == code) {
          TreePath operand = new TreePath(getCurrentPath(), tree.getRightOperand());
          others.add(new Marker(guard, name, source, operand, false));
        }
        return super.visitBinary(tree, nothing);
      }

      @Override
      public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
        if (tree.getMethodSelect() instanceof MemberSelectTree select
            && afterBlank(source.text(), source.to(select.getExpression())) == code) {
          others.add(new Marker(guard, name, source, getCurrentPath(), true));
        }
        return super.visitMethodInvocation(tree, nothing);
      }
    }.scan(new TreePath(source.unit()), null);
    int end = chains.stream().mapToInt(c -> source.to(c.getLeaf())).min().orElse(Integer.MAX_VALUE);
    return here.stream()
        .filter(path -> source.to(path.getLeaf()) < end)
        .max(Comparator.comparingInt(path -> source.to(path.getLeaf())))
        .map(path -> new Marker(guard, name, source, path, false))
        .or(() -> others.stream().findFirst())
        .orElseThrow(
            () -> new AssertionError("nothing begins behind the marker " + name + ": " + source));
  }

  private static boolean isChain(Tree tree) {
    return tree.getKind() == Tree.Kind.CONDITIONAL_AND
        || tree.getKind() == Tree.Kind.CONDITIONAL_OR;
  }

  /** A source, and the positions of its trees. */
  record Source(Path file, CompilationUnitTree unit, SourcePositions positions) {
    String text() {
      try {
        return unit.getSourceFile().getCharContent(true).toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String text(Tree tree) {
      return text().substring(from(tree), to(tree));
    }

    int from(Tree tree) {
      return (int) positions.getStartPosition(unit, tree);
    }

    int to(Tree tree) {
      return (int) positions.getEndPosition(unit, tree);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * @param guard false: it is only a name for rows to use
   * @param path to what it is bound to
   * @param call it is before the dot of a call: the call is meant, not its receiver
   */
  record Marker(boolean guard, String name, Source source, TreePath path, boolean call) {
    Tree tree() {
      return path.getLeaf();
    }

    Edit edit(Tree tree, String text) {
      return new Edit(source.file(), source.from(tree), source.to(tree), text);
    }
  }
}
