package dev.reinstall.cloud.tencent;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.OperatorIdentity;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The sources of the operator's own credentials, by the name that a Secret gives them. */
final class TencentIdentity {
  static final String SETTING = "REINSTALL_TENCENT_IDENTITY_NAMESPACES";

  private final Map<String, TemporaryCredentials> sources;
  private final OperatorIdentity allowed;

  /**
   * @param namespaces whose requests may use the sources
   */
  TencentIdentity(Map<String, TemporaryCredentials> sources, List<String> namespaces) {
    this.sources = new TreeMap<>(sources);
    allowed =
        sources.isEmpty()
            ? OperatorIdentity.NONE
            : new OperatorIdentity(List.copyOf(this.sources.keySet()), namespaces, SETTING);
  }

  static TencentIdentity from(CloudSettings settings, CloudHttp http, InstantSource clock) {
    return new TencentIdentity(
        Map.of(
            "WebIdentity",
            new TemporaryCredentials(WebIdentity.from(settings, http, clock), System::nanoTime),
            "InstanceRole",
            new TemporaryCredentials(InstanceRole.from(settings, http, clock), System::nanoTime)),
        settings.onlyNamespaces(SETTING));
  }

  OperatorIdentity allowed() {
    return allowed;
  }

  /** To be sent with a call that reads. */
  Credentials forRead(Credentials given) throws CloudException {
    Optional<TemporaryCredentials> source = source(given);
    return source.isPresent() ? source.get().renewed() : given;
  }

  /** To be sent with a call that changes a server. */
  Credentials forChange(Credentials given) throws CloudException {
    Optional<TemporaryCredentials> source = source(given);
    return source.isPresent() ? source.get().valid() : given;
  }

  void denied(Credentials given) {
    source(given).ifPresent(TemporaryCredentials::denied);
  }

  private Optional<TemporaryCredentials> source(Credentials given) {
    return Optional.ofNullable(given.values().get(OperatorIdentity.KEY)).map(sources::get);
  }
}
