package dev.reinstall.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class IndependenceTest {
  @Test
  void a_simulator_shares_no_class_with_the_operator_or_both_would_be_wrong_together() {
    DescribedPredicate<JavaClass> operator =
        DescribedPredicate.describe(
            "of the operator",
            one ->
                one.getPackageName().startsWith("dev.reinstall")
                    && !one.getPackageName().startsWith("dev.reinstall.simulator"));

    ArchConfiguration.withThreadLocalScope(
        settings -> {
          // Class names are enough here; resolving all dependencies is slow.
          settings.setResolveMissingDependenciesFromClassPath(false);
          noClasses()
              .should()
              .dependOnClassesThat(operator)
              .check(new ClassFileImporter().importPackages("dev.reinstall.simulator"));
        });
  }
}
