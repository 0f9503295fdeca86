package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.simulator.tencent.CredentialIssuer;
import dev.reinstall.simulator.tencent.MetadataSimulator;
import dev.reinstall.simulator.tencent.StsSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests with the operator's own identity, whose issuers repeat what they were sent. */
final class CanaryIdentity {
  private static final String TOKEN = CanaryForms.value("web identity");

  private final TestCluster site;
  private final int round;
  private final Map<String, CredentialIssuer> issuers = new LinkedHashMap<>();

  CanaryIdentity(
      TestCluster site, StsSimulator sts, MetadataSimulator metadata, Path folder, int round)
      throws IOException {
    this.site = site;
    this.round = round;
    issuers.put("WebIdentity", sts);
    issuers.put("InstanceRole", metadata);
    sts.accept(TOKEN);
    Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    site.with("REINSTALL_TENCENT_IDENTITY_NAMESPACES", site.namespace)
        .with("REINSTALL_TENCENT_STS_ENDPOINT", sts.endpoint())
        .with("REINSTALL_TENCENT_METADATA_ENDPOINT", metadata.endpoint())
        .with("TKE_REGION", "ap-guangzhou")
        .with("TKE_PROVIDER_ID", StsSimulator.PROVIDER)
        .with("TKE_ROLE_ARN", StsSimulator.ROLE)
        .with("TKE_WEB_IDENTITY_TOKEN_FILE", file.toString());
  }

  /** Each source first gets responses that cannot be used, and then credentials. */
  void use() {
    issuers.forEach(
        (source, issuer) -> {
          String id = "ins-can" + round + source.substring(0, 4).toLowerCase(Locale.ROOT);
          site.tencent.newServer(id).plugIn();
          site.secret(site.namespace, id, Map.of("source", source));
          List<String> echoes = echoes();
          issuer.answer(400, echoes.get(0));
          site.apply(
              TestCluster.tencentRequest(id, id, "whenRunning: Stop")
                  .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + id + "}"));
          for (String echo : echoes) {
            for (int status : List.of(200, 403, 500)) {
              issuer.answer(status, echo);
              int before = issuer.calls();
              site.await(source + " to be asked again", () -> issuer.calls() > before + 1);
            }
          }
          assertThat(site.phase(id)).isEqualTo("Pending");
          issuer.mend();
          site.awaitFinished(id);
          assertThat(site.phase(id)).as(site.message(id)).isEqualTo("Succeeded");
        });
  }

  private static List<String> echoes() {
    return List.of(
        CanaryFaults.error(CloudUnderTest.TENCENT, "Bad", "Not accepted: " + TOKEN, "r-1"),
        CanaryFaults.error(CloudUnderTest.TENCENT, TOKEN, "Bad.", TOKEN),
        "{\"Response\":{\"Credentials\":{\"Token\":\"" + TOKEN + "\"",
        "{\"TmpSecretId\":\"a\",\"TmpSecretKey\":7,\"Token\":\"" + TOKEN + "\"}",
        "<html>" + TOKEN);
  }
}
