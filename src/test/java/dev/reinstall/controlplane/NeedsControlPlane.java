package dev.reinstall.controlplane;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips the class if the programs of a control plane are missing, before any of it runs; with
 * CONTROL_PLANE=required it fails instead.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsControlPlane.Condition.class)
public @interface NeedsControlPlane {

  /** JUnit calls this before the class starts. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return ControlPlane.isInstalled()
          ? ConditionEvaluationResult.enabled("there is a control plane")
          : ConditionEvaluationResult.disabled(Binaries.HOW_TO_GET_THEM);
    }
  }
}
