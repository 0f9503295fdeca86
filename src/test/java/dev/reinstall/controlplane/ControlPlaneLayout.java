package dev.reinstall.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fixed addresses and files of one control plane, and the arguments of its programs. */
record ControlPlaneLayout(Path folder, int etcdPort, int etcdPeerPort, int apiPort) {
  static ControlPlaneLayout in(Path folder) {
    return new ControlPlaneLayout(folder, FreePorts.free(), FreePorts.free(), FreePorts.free());
  }

  String url() {
    return "https://127.0.0.1:" + apiPort;
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Created by the API server when it first starts, for 127.0.0.1, and kept. */
  Path certificate() {
    return folder.resolve("certificates").resolve("apiserver.crt");
  }

  Path tokens() {
    return folder.resolve("tokens.csv");
  }

  Path signingKey() {
    return folder.resolve("service-accounts.pem");
  }

  /** If it exists, the API server keeps an audit log. */
  Path auditPolicy() {
    return folder.resolve("audit-policy.yaml");
  }

  Path auditLog() {
    return folder.resolve("audit.log");
  }

  Path adminKubeconfig() {
    return folder.resolve("admin.kubeconfig");
  }

  Path log(String program) {
    return folder.resolve(program + ".log");
  }

  List<String> etcdArguments() {
    String clients = "http://127.0.0.1:" + etcdPort;
    String peers = "http://127.0.0.1:" + etcdPeerPort;
    return List.of(
        "--data-dir=" + data(),
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=default=" + peers,
        // The tests crash processes, never the machine.
        "--unsafe-no-fsync");
  }

  List<String> apiServerArguments() {
    List<String> arguments = new ArrayList<>(plainApiServerArguments());
    if (Files.exists(auditPolicy())) {
      arguments.add("--audit-policy-file=" + auditPolicy());
      arguments.add("--audit-log-path=" + auditLog());
    }
    return arguments;
  }

  private List<String> plainApiServerArguments() {
    return List.of(
        "--etcd-servers=http://127.0.0.1:" + etcdPort,
        "--bind-address=127.0.0.1",
        "--secure-port=" + apiPort,
        "--cert-dir=" + certificate().getParent(),
        "--token-auth-file=" + tokens(),
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-signing-key-file=" + signingKey(),
        "--service-account-key-file=" + signingKey(),
        "--service-cluster-ip-range=10.96.0.0/24",
        // For the logs of Pods; the names of nodes are known to no DNS.
        "--kubelet-preferred-address-types=InternalIP",
        // Otherwise it picks an address of this machine that others could reach.
        "--endpoint-reconciler-type=none",
        // Watches would delay a stop indefinitely.
        "--shutdown-watch-termination-grace-period=0s");
  }

  /**
   * @param withWorkloads also those that Deployments, drains and nodes need
   */
  List<String> controllerArguments(boolean withWorkloads) {
    String controllers =
        "namespace-controller,garbage-collector-controller,serviceaccount-controller,"
            + "clusterrole-aggregation-controller";
    if (withWorkloads) {
      controllers +=
          ",deployment-controller,replicaset-controller,disruption-controller,"
              + "node-lifecycle-controller,taint-eviction-controller,"
              + "root-ca-certificate-publisher-controller";
    }
    return List.of(
        "--kubeconfig=" + adminKubeconfig(),
        "--secure-port=0",
        "--leader-elect=false",
        "--root-ca-file=" + certificate(),
        "--controllers=" + controllers);
  }

  List<String> schedulerArguments() {
    return List.of("--kubeconfig=" + adminKubeconfig(), "--secure-port=0", "--leader-elect=false");
  }
}
