package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LinterCheckTest {
  @ParameterizedTest
  @EnumSource
  void the_base_has_what_it_requires(LinterCheck check) {
    assertThat(check.findings(Manifests.ofBase())).as(check.requires).isEmpty();
  }

  /** A ~ is a line break. */
  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "DANGLING_SERVICE|kind: PodDisruptionBudget|kind: Service",
        "DEPRECATED_SERVICE_ACCOUNT_FIELD|serviceAccountName:|serviceAccount:",
        "DOCKER_SOCK|emptyDir:~          sizeLimit: 64Mi|hostPath: {path: /run/docker.sock}",
        "DROP_NET_RAW_CAPABILITY|drop: [ALL]|drop: [CHOWN]",
        "DUPLICATE_ENV_VAR|name: JDK_JAVA_OPTIONS|name: REINSTALL_HTTP_PORT",
        "ENV_VAR_SECRET|name: JDK_JAVA_OPTIONS|name: MY_SECRET_KEY",
        "HOST_IPC|enableServiceLinks: false|hostIPC: true",
        "HOST_NETWORK|enableServiceLinks: false|hostNetwork: true",
        "HOST_PID|enableServiceLinks: false|hostPID: true",
        "INVALID_TARGET_PORTS|- name: http~|- name: http_~",
        "JOB_TTL_SECONDS_AFTER_FINISHED|kind: PodDisruptionBudget|kind: Job",
        "LATEST_TAG|image: reinstall-operator:0.1.0|image: reinstall-operator:latest",
        "LATEST_TAG|image: reinstall-operator:0.1.0|image: registry:5000/reinstall-operator",
        "LIVENESS_PORT|livenessProbe:~          httpGet: {path: /livez, port: http}"
            + "|livenessProbe:~          httpGet: {path: /livez, port: 81}",
        "MISMATCHING_SELECTOR|matchLabels:~      app.kubernetes.io/name: reinstall-operator~  template"
            + "|matchLabels:~      app.kubernetes.io/name: other~  template",
        "NO_ANTI_AFFINITY|kubernetes.io/hostname|topology.kubernetes.io/region",
        "NO_EXTENSIONS_V1BETA|apiVersion: apps/v1|apiVersion: extensions/v1beta1",
        "NO_READ_ONLY_ROOT_FS|readOnlyRootFilesystem: true|readOnlyRootFilesystem: false",
        "NON_EXISTENT_SERVICE_ACCOUNT|serviceAccountName: reinstall-operator|serviceAccountName: none",
        "PDB_MAX_UNAVAILABLE|maxUnavailable: 1~  unhealthy|maxUnavailable: 0~  unhealthy",
        "PDB_MIN_AVAILABLE|maxUnavailable: 1~  unhealthy|minAvailable: 2~  unhealthy",
        "PDB_UNHEALTHY_POD_EVICTION_POLICY|unhealthyPodEvictionPolicy: AlwaysAllow|other: 1",
        "PRIVILEGE_ESCALATION_CONTAINER|allowPrivilegeEscalation: false|procMount: Default",
        "PRIVILEGED_CONTAINER|allowPrivilegeEscalation: false|privileged: true",
        "READINESS_PORT|path: /readyz, port: http|path: /readyz, port: 81",
        "RUN_AS_NON_ROOT|runAsNonRoot: true|fsGroup: 1",
        "RUN_AS_NON_ROOT|runAsGroup: 65532|runAsGroup: 0",
        "SENSITIVE_HOST_MOUNTS|emptyDir:~          sizeLimit: 64Mi|hostPath: {path: /etc}",
        "SSH_PORT|containerPort: 8080|containerPort: 22",
        "STARTUP_PORT|startupProbe:~          httpGet: {path: /livez, port: http}"
            + "|startupProbe:~          httpGet: {path: /livez, port: 81}",
        "UNSAFE_SYSCTLS|runAsNonRoot: true|sysctls: [{name: net.core.somaxconn, value: 1}]",
        "UNSET_CPU_REQUIREMENTS|requests: {cpu: 100m, memory|requests: {memory",
        "UNSET_MEMORY_REQUIREMENTS|limits: {memory: 512Mi, |limits: {",
      })
  void it_is_seen_when_it_is_missing(LinterCheck check, String right, String wrong)
      throws IOException {
    String good = text();
    String bad = good.replace(right.replace("~", "\n"), wrong.replace("~", "\n"));
    assertThat(bad).as("the text to replace").isNotEqualTo(good);

    assertThat(check.findings(Manifests.parse(good))).isEmpty();
    assertThat(check.findings(Manifests.parse(bad))).isNotEmpty();
  }

  private static String text() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String file : new String[] {"rights", "deployment", "disruption-budget"}) {
      all.append("---\n").append(Files.readString(Manifests.DEPLOY.resolve(file + ".yaml")));
    }
    return all.toString().replace("image: reinstall-operator", "image: reinstall-operator:0.1.0");
  }
}
