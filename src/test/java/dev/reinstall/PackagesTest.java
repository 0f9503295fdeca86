package dev.reinstall;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.Description;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may depend on which, and what each of them must not use. */
class PackagesTest {
  private static final String WIRING = "dev.reinstall";
  private static final String CONFIG = "dev.reinstall.config..";
  private static final String API = "dev.reinstall.api..";
  private static final String CLOUD = "dev.reinstall.cloud";
  private static final String CLOUD_AND_ADAPTERS = "dev.reinstall.cloud..";
  private static final String ADAPTERS = "dev.reinstall.cloud.*..";
  private static final String LEDGER = "dev.reinstall.ledger..";
  private static final String RECONCILE = "dev.reinstall.reconcile..";
  private static final String KUBERNETES = "dev.reinstall.kubernetes..";

  private static final List<Path> TREES =
      Stream.of("main/java", "test/java", "simulator/java", "simulator/test", "verification/java")
          .map(Path.of("src")::resolve)
          .toList();

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(WIRING);

  @Test
  void the_api_depends_on_no_other_package() {
    holds(in(API).should().dependOnClassesThat(ours().and(not(resideInAPackage(API)))));
  }

  @Test
  void the_cloud_port_depends_on_the_api_alone() {
    holds(in(CLOUD).should().dependOnClassesThat(ours().and(not(resideInAnyPackage(API, CLOUD)))));
  }

  @Test
  void an_adapter_depends_on_the_port_and_the_api_and_on_no_other_adapter() {
    List<String> adapters =
        CODE.stream().map(JavaClass::getPackageName).filter(PackagesTest::isAdapter).toList();
    for (String adapter : Set.copyOf(adapters)) {
      holds(
          in(adapter + "..")
              .should()
              .dependOnClassesThat(
                  ours().and(not(resideInAnyPackage(API, CLOUD, adapter + "..")))));
    }
  }

  @Test
  void only_the_wiring_knows_the_adapters() {
    holds(
        noClasses()
            .that(not(resideInAnyPackage(WIRING, ADAPTERS)))
            .should()
            .dependOnClassesThat(resideInAPackage(ADAPTERS)));
  }

  @Test
  void the_core_names_no_cloud_neither_in_code_nor_in_comments() throws IOException {
    Pattern vendor = Pattern.compile("(?i:tencent|jd ?cloud|\\bcvm\\b|edcps)|\\bJD\\b|\\bJd[A-Z]");
    Pattern ofOneCloud =
        Pattern.compile(
            "cloud/(jdcloud|tencent)/.*|WiredClouds.java"
                + "|api/(CloudName|ReinstallSpec|JdCloudSpec|TencentCloudSpec).java");
    Path root = Path.of("src/main/java/dev/reinstall");
    for (Path source : sourcesIn(root)) {
      if (!ofOneCloud.matcher(root.relativize(source).toString()).matches()) {
        assertThat(Files.readString(source)).as(source.toString()).doesNotContainPattern(vendor);
      }
    }
  }

  @Test
  void only_main_knows_main_and_the_configuration() {
    holds(
        noClasses()
            .that(not(resideInAPackage(WIRING)))
            .should()
            .dependOnClassesThat(resideInAPackage(WIRING)));
    holds(
        noClasses()
            .that(not(resideInAnyPackage(WIRING, CONFIG)))
            .should()
            .dependOnClassesThat(resideInAPackage(CONFIG)));
  }

  @Test
  void
      the_ledger_and_reconcile_depend_on_the_api_and_on_types_of_the_cloud_port_and_call_no_cloud() {
    Set<JavaClass> port = portTypes();
    assertThat(port).extracting(JavaClass::getSimpleName).contains("Observation", "CloudException");
    port.remove(CODE.get(CloudClient.class)); // its calls are made through the ports
    DescribedPredicate<JavaClass> portTypes = describe("types of the cloud port", port::contains);

    holds(
        in(LEDGER)
            .should()
            .dependOnClassesThat(
                ours().and(not(resideInAnyPackage(API, LEDGER))).and(not(portTypes))));
    holds(
        in(RECONCILE)
            .should()
            .dependOnClassesThat(
                ours().and(not(resideInAnyPackage(API, LEDGER, RECONCILE))).and(not(portTypes))));
    holds(in(LEDGER, RECONCILE).should().callMethod(CloudProvider.class, "client"));
  }

  @Test
  void the_ledger_and_reconcile_are_pure_clock_randomness_and_threads_come_through_its_ports() {
    holds(
        in(LEDGER, RECONCILE)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.net..", "java.nio.file..")
                    .or(describe("clocks, chance, threads", PackagesTest::isOutside))));
    holds(
        in(LEDGER, RECONCILE)
            .should()
            .callMethodWhere(describe("the clock is asked", PackagesTest::asksTheClock)));
    holds(in(LEDGER, RECONCILE).should().callMethod(UUID.class, "randomUUID"));
    holds(in(LEDGER, RECONCILE).should().callMethod(Math.class, "random"));
    holds(in(LEDGER, RECONCILE).should().callMethod(System.class, "nanoTime"));
    holds(in(LEDGER, RECONCILE).should().callMethod(System.class, "currentTimeMillis"));
  }

  @Test
  void only_the_kubernetes_package_the_configuration_and_main_talk_to_kubernetes() {
    holds(
        noClasses()
            .that(not(resideInAnyPackage(WIRING, CONFIG, KUBERNETES)))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
                    .and(not(isTheMotherOfOurResources()))));
  }

  @Test
  void only_the_kubernetes_package_counts_for_prometheus() {
    holds(
        noClasses()
            .that(not(resideInAPackage(KUBERNETES)))
            .should()
            .dependOnClassesThat(resideInAPackage("io.prometheus..")));
  }

  @Test
  void the_clouds_do_not_depend_on_kubernetes() {
    holds(in(CLOUD_AND_ADAPTERS).should().dependOnClassesThat(resideInAPackage("io.fabric8..")));
  }

  @Test
  void nobody_uses_the_jdks_old_http_client_because_it_sends_a_post_twice() {
    holds(
        noClasses()
            .should()
            .dependOnClassesThat(
                describe("URLConnection", c -> c.isAssignableTo(URLConnection.class))));
  }

  @Test
  void no_file_imports_itself_by_way_of_others() {
    SlicesRuleDefinition.slices()
        .assignedFrom(new EachFile())
        .should()
        .beFreeOfCycles()
        .check(CODE);
  }

  /** A top-level class of ours with the classes in it. */
  private static final class EachFile implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return ours().test(type)
          ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each file";
    }
  }

  @Test
  void nothing_has_a_name_that_says_nothing() {
    holds(
        noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helper|Manager|Impl)|.*[.$](Abstract|Base)[A-Z].*"));
  }

  @Test
  void every_package_says_in_a_package_info_what_it_is_for() throws IOException {
    Set<Path> packages = new HashSet<>();
    Set<Path> described = new HashSet<>();
    for (Path tree : TREES) {
      for (Path source : sourcesIn(tree)) {
        Path folder = tree.relativize(source.getParent());
        packages.add(folder);
        if (source.endsWith("package-info.java")) {
          described.add(folder);
        }
      }
    }
    assertThat(described).containsAll(packages);
  }

  private static GivenClassesConjunction in(String... packages) {
    return noClasses().that(resideInAnyPackage(packages));
  }

  /** An empty package breaks no rule. */
  private static void holds(ArchRule rule) {
    rule.allowEmptyShould(true).check(CODE);
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage(WIRING + "..");
  }

  private static DescribedPredicate<JavaClass> isTheMotherOfOurResources() {
    return describe("CustomResource", c -> c.isEquivalentTo(CustomResource.class));
  }

  private static boolean isOutside(JavaClass type) {
    return Stream.of(Clock.class, Random.class, Thread.class).anyMatch(type::isAssignableTo);
  }

  private static boolean asksTheClock(JavaMethodCall call) {
    return call.getName().equals("now")
        && call.getTargetOwner().getPackageName().startsWith("java.time");
  }

  private static boolean isAdapter(String packageName) {
    return packageName.startsWith(CLOUD + ".");
  }

  /** The types of the port's package in the signatures of its methods, and their components. */
  private static Set<JavaClass> portTypes() {
    Set<JavaClass> found = new HashSet<>();
    Deque<JavaClass> open = new ArrayDeque<>();
    Stream.of(CloudProvider.class, Description.class).map(CODE::get).forEach(open::push);
    while (!open.isEmpty()) {
      JavaClass next = open.pop();
      if (next.getPackageName().equals(CLOUD) && found.add(next)) {
        next.getCodeUnits().stream().flatMap(PackagesTest::signature).forEach(open::push);
      }
    }
    return found;
  }

  private static Stream<JavaClass> signature(JavaCodeUnit unit) {
    Stream<JavaType> types =
        Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
    return Stream.concat(
        types.flatMap(type -> type.getAllInvolvedRawTypes().stream()),
        unit.getExceptionTypes().stream());
  }

  private static Set<Path> sourcesIn(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.filter(file -> file.toString().endsWith(".java")).collect(Collectors.toSet());
    }
  }
}
