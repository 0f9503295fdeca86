package dev.reinstall.mutants;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import dev.reinstall.mutants.Markers.Marker;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The change of a marked place.
 *
 * @param guard name of the marker
 * @param becomes as {@code mutants.md} explains it
 */
record Change(String guard, String becomes) {
  private static final Pattern MOVED = Pattern.compile("(also )?(before|after) ([a-z0-9-]+)");
  private static final Pattern CALLS = Pattern.compile("calls ([a-z0-9-]+)");
  private static final Pattern PLACE = Pattern.compile("[{]([a-z0-9-]+)[}]");

  /** The places that this refers to, without the guard's. */
  Set<String> others() {
    Set<String> others = new TreeSet<>();
    for (Pattern pattern : List.of(MOVED, CALLS)) {
      Matcher matcher = pattern.matcher(becomes);
      if (matcher.matches()) {
        others.add(matcher.group(matcher.groupCount()));
      }
    }
    PLACE.matcher(becomes).results().map(place -> place.group(1)).forEach(others::add);
    others.removeAll(Set.of("it", "argument", "receiver"));
    return others;
  }

  /** The code of an expression without its places; empty for a keyword. */
  String code() {
    boolean word =
        becomes.matches("true|false|gone|first gone")
            || MOVED.matcher(becomes).matches()
            || CALLS.matcher(becomes).matches();
    return word ? "" : PLACE.matcher(becomes).replaceAll("");
  }

  List<Edit> edits(Markers markers) {
    Marker marker = markers.named(guard);
    Matcher moved = MOVED.matcher(becomes);
    Matcher calls = CALLS.matcher(becomes);
    if (becomes.equals("gone")) {
      return List.of(gone(marker));
    }
    if (becomes.equals("first gone")) {
      return List.of(firstGone(marker));
    }
    if (becomes.equals("true") || becomes.equals("false")) {
      return List.of(always(marker));
    }
    if (moved.matches()) {
      return moved(marker, markers.named(moved.group(3)), moved);
    }
    if (calls.matches()) {
      return List.of(calls(marker, markers.named(calls.group(1))));
    }
    return List.of(marker.edit(value(marker.tree()), expression(markers, marker)));
  }

  // Removed.

  private Edit gone(Marker marker) {
    var source = marker.source();
    Tree tree = marker.tree();
    Tree parent = marker.path().getParentPath().getLeaf();
    if (marker.call()) {
      return new Edit(source.file(), source.to(receiver(tree)), source.to(tree), "");
    }
    if (tree instanceof StatementTree) {
      return marker.edit(tree, ";");
    }
    if (parent instanceof BinaryTree binary) {
      return binary.getLeftOperand() == tree
          ? new Edit(source.file(), source.from(tree), source.from(binary.getRightOperand()), "")
          : new Edit(source.file(), source.to(binary.getLeftOperand()), source.to(tree), "");
    }
    if (parent instanceof MethodInvocationTree call && call.getArguments().contains(tree)) {
      int at = call.getArguments().indexOf(tree);
      boolean last = at == call.getArguments().size() - 1;
      int from = last && at > 0 ? source.to(call.getArguments().get(at - 1)) : source.from(tree);
      int to = last ? source.to(tree) : source.from(call.getArguments().get(at + 1));
      return new Edit(source.file(), from, to, "");
    }
    throw cannot("be gone");
  }

  private Edit firstGone(Marker marker) {
    Tree chain = condition(marker);
    Tree first = ((BinaryTree) chain).getLeftOperand();
    while (first.getKind() == chain.getKind()) {
      chain = first;
      first = ((BinaryTree) chain).getLeftOperand();
    }
    var source = marker.source();
    int to = source.from(((BinaryTree) chain).getRightOperand());
    return new Edit(source.file(), source.from(first), to, "");
  }

  /** The condition of an {@code if}. */
  private Tree condition(Marker marker) {
    Tree tree =
        marker.tree() instanceof IfTree branch ? branch.getCondition() : value(marker.tree());
    return tree instanceof ParenthesizedTree inner ? inner.getExpression() : tree;
  }

  // True or false.

  private Edit always(Marker marker) {
    Tree condition = condition(marker);
    if (condition instanceof ConditionalExpressionTree choice) {
      return marker.edit(choice.getCondition(), becomes);
    }
    if (condition instanceof LambdaExpressionTree lambda) {
      return marker.edit(lambda.getBody(), becomes);
    }
    if (condition instanceof MemberReferenceTree) {
      return marker.edit(condition, "any$ -> " + becomes);
    }
    return marker.edit(condition, becomes);
  }

  // Moved.

  private List<Edit> moved(Marker marker, Marker to, Matcher how) {
    if (!(marker.tree() instanceof StatementTree && to.tree() instanceof StatementTree)) {
      throw cannot("move: only statements do");
    }
    var source = to.source();
    int at = how.group(2).equals("after") ? source.to(to.tree()) : source.from(to.tree());
    Edit there = new Edit(source.file(), at, at, " " + marker.source().text(marker.tree()) + " ");
    return how.group(1) == null ? List.of(marker.edit(marker.tree(), ";"), there) : List.of(there);
  }

  private Edit calls(Marker marker, Marker like) {
    MemberSelectTree select = select(value(marker.tree()));
    int to = marker.source().to(select);
    int from = to - select.getIdentifier().length();
    String name = select(value(like.tree())).getIdentifier().toString();
    return new Edit(marker.source().file(), from, to, name);
  }

  // Another expression.

  private String expression(Markers markers, Marker marker) {
    return PLACE
        .matcher(becomes)
        .replaceAll(place -> Matcher.quoteReplacement("(" + text(place, markers, marker) + ")"));
  }

  private String text(MatchResult place, Markers markers, Marker marker) {
    Tree value = value(marker.tree());
    return switch (place.group(1)) {
      case "it" -> marker.source().text(value);
      case "receiver" -> marker.source().text(receiver(value));
      case "argument" -> marker.source().text(argument(value));
      default -> {
        Marker other = markers.named(place.group(1));
        yield other.source().text(value(other.tree()));
      }
    };
  }

  private Tree receiver(Tree tree) {
    return select(tree).getExpression();
  }

  private Tree argument(Tree tree) {
    if (tree instanceof MethodInvocationTree call && call.getArguments().size() == 1) {
      return call.getArguments().get(0);
    }
    throw cannot("become its argument");
  }

  private MemberSelectTree select(Tree tree) {
    if (tree instanceof MethodInvocationTree call
        && call.getMethodSelect() instanceof MemberSelectTree select) {
      return select;
    }
    throw cannot("do: it is no call of something");
  }

  /** The value that a statement returns or assigns. */
  private Tree value(Tree tree) {
    if (tree instanceof ExpressionStatementTree statement) {
      return value(statement.getExpression());
    }
    if (tree instanceof AssignmentTree assignment) {
      return assignment.getExpression();
    }
    if (tree instanceof VariableTree variable && variable.getInitializer() != null) {
      return variable.getInitializer();
    }
    if (tree instanceof ReturnTree back && back.getExpression() != null) {
      return back.getExpression();
    }
    if (tree instanceof StatementTree) {
      throw cannot("be an expression");
    }
    return tree;
  }

  private AssertionError cannot(String what) {
    return new AssertionError("what is marked as " + guard + " cannot " + what);
  }
}
