package dev.reinstall.docs;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What people read in Java sources: the text that they build, and the comments. */
final class JavaText {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'"
              + "|(/[*].*?[*]/|//[^\n]*)",
          Pattern.DOTALL);
  private static final Pattern MARKER = Pattern.compile("\\b(guard|named): [a-z0-9-]+");

  private JavaText() {}

  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a source, without the names of markers. */
  static List<String> comments(Path file) {
    List<String> comments = new ArrayList<>();
    try {
      for (Matcher token = TOKEN.matcher(Files.readString(file)); token.find(); ) {
        if (token.group(1) != null) {
          comments.add(
              MARKER.matcher(token.group(1)).replaceAll("").replaceAll("\\s*\n\\s*[*]*\\s*", " "));
        }
      }
      return comments;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts that a source builds, each whole, with a dots for what it puts in. */
  static Set<String> texts(Path file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Set<String> texts = new LinkedHashSet<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjects(file.toFile()));
      for (CompilationUnitTree unit : task.parse()) {
        new Texts(texts).scan(unit, null);
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Texts extends TreeScanner<Void, Void> {
    private final Set<String> found;

    Texts(Set<String> found) {
      this.found = found;
    }

    @Override
    public Void visitBinary(BinaryTree tree, Void nothing) {
      StringBuilder text = new StringBuilder();
      if (tree.getKind() != Tree.Kind.PLUS || !append(tree, text)) {
        return super.visitBinary(tree, nothing);
      }
      found.add(text.toString());
      inner(tree);
      return null;
    }

    /** What is put in may build a text of its own. */
    private void inner(Tree tree) {
      if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
        inner(sum.getLeftOperand());
        inner(sum.getRightOperand());
      } else if (!(tree instanceof LiteralTree)) {
        scan(tree, null);
      }
    }

    /** Whether there is text in it. */
    private static boolean append(Tree tree, StringBuilder text) {
      if (tree instanceof ParenthesizedTree inner) {
        return append(inner.getExpression(), text);
      }
      if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
        boolean left = append(sum.getLeftOperand(), text);
        return append(sum.getRightOperand(), text) || left;
      }
      if (tree instanceof LiteralTree literal && literal.getValue() instanceof String value) {
        text.append(value);
        return true;
      }
      text.append("…");
      return false;
    }

    @Override
    public Void visitLiteral(LiteralTree tree, Void nothing) {
      if (tree.getValue() instanceof String text) {
        found.add(text);
      }
      return null;
    }
  }
}
