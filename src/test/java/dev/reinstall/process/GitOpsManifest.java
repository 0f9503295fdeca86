package dev.reinstall.process;

import dev.reinstall.controlplane.CommandResult;

/** Manifests as Argo CD and Flux mark and apply them. */
final class GitOpsManifest {
  private static final String ARGO = "argocd-controller";
  private static final String FLUX = "kustomize-controller";

  private GitOpsManifest() {}

  static String ofArgoCd(GivenReinstall given, String option) {
    return marked(
        given,
        """
        metadata:
          name: %1$s
          annotations:
            argocd.argoproj.io/tracking-id: servers:reinstall.dev/Reinstall:%2$s/%1$s
            argocd.argoproj.io/sync-options: %3$s"""
            .formatted(given.name(), given.namespace(), option));
  }

  static String ofFlux(GivenReinstall given) {
    return marked(
        given,
        """
        metadata:
          name: %s
          labels:
            kustomize.toolkit.fluxcd.io/name: servers
            kustomize.toolkit.fluxcd.io/namespace: flux-system
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled"""
            .formatted(given.name()));
  }

  private static String marked(GivenReinstall given, String metadata) {
    return given.manifest().replace("metadata: {name: " + given.name() + "}", metadata);
  }

  static CommandResult applyByArgoCd(GivenReinstall given) {
    return serverSide(given, ARGO);
  }

  static CommandResult putByArgoCd(GivenReinstall given, String command) {
    return given.put(command, "--field-manager=" + ARGO);
  }

  static CommandResult applyByFlux(GivenReinstall given) {
    return serverSide(given, FLUX);
  }

  private static CommandResult serverSide(GivenReinstall given, String manager) {
    return given.put("apply", "--server-side", "--force-conflicts", "--field-manager=" + manager);
  }
}
