package dev.reinstall.image;

import dev.reinstall.controlplane.Programs;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips the class, with a line that says so, where the tests are not run by root, who alone may
 * make containers here; with CONTROL_PLANE=required it runs all the same, and fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsRoot.Condition.class)
@interface NeedsRoot {

  /** JUnit calls this before the class starts. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (Programs.areRequired() || System.getProperty("user.name").equals("root")) {
        return ConditionEvaluationResult.enabled("root, or required");
      }
      String why = "Containers need root: run the tests as root.";
      context
          .getTestClass()
          .ifPresent(type -> System.err.println("SKIPPED " + type.getSimpleName() + ": " + why));
      return ConditionEvaluationResult.disabled(why);
    }
  }
}
