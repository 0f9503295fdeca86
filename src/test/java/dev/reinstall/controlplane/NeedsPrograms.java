package dev.reinstall.controlplane;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips the class, or the test, if one of these {@link Programs} is missing; with
 * CONTROL_PLANE=required it runs all the same, and fails.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrograms.Condition.class)
public @interface NeedsPrograms {
  String[] value();

  /** JUnit calls this before the class starts, and before each test. */
  final class Condition implements ExecutionCondition {
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return AnnotationSupport.findAnnotation(context.getElement(), NeedsPrograms.class)
          .flatMap(needed -> Stream.of(needed.value()).filter(Condition::isMissing).findFirst())
          .map(Condition::skip)
          .orElse(ConditionEvaluationResult.enabled("the programs are there"));
    }

    private static ConditionEvaluationResult skip(String missing) {
      String why = Programs.howToGet(missing);
      // Maven counts skipped tests without the reason.
      if (TOLD.add(missing)) {
        System.err.println("SKIPPED: " + why);
      }
      return ConditionEvaluationResult.disabled(why);
    }

    private static boolean isMissing(String name) {
      return !Programs.areRequired() && Programs.find(name).isEmpty();
    }
  }
}
