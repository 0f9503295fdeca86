package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.Sentences.NOTHING_SENT;

import dev.reinstall.api.Server;

/** Why a namespace may not have a server, and what an administrator does about it. */
final class GrantMessages {
  private GrantMessages() {}

  /**
   * @param ledger name of the ServerLedger
   */
  static String notGranted(String ledger, String namespace) {
    return ("The server is not granted to namespace %s. "
            + NOTHING_SENT
            + " An administrator of the cluster checks that it is needed by nobody else (kubectl get"
            + " serverledger %s -o yaml), and grants it with: kubectl patch serverledger %s"
            + " --type merge -p '{\"spec\":{\"namespace\":\"%s\"}}'. The request goes on when that is"
            + " done.")
        .formatted(namespace, ledger, ledger, namespace);
  }

  /** The server has no ledger yet. */
  static String notGrantedWithoutLedger(Server target, String namespace) {
    return ("The server is not granted to namespace %s (REINSTALL_REQUIRE_SERVER_GRANT is true). "
            + NOTHING_SENT
            + " An administrator of the cluster grants it with: echo"
            + " '{\"apiVersion\":\"reinstall.dev/v1alpha1\",\"kind\":\"ServerLedger\","
            + "\"metadata\":{\"name\":\"%s\"},\"spec\":{\"cloud\":\"%s\",\"region\":\"%s\","
            + "\"instanceId\":\"%s\",\"claims\":0,\"namespace\":\"%s\"}}' | kubectl create -f -. The"
            + " request goes on when that is done.")
        .formatted(
            namespace,
            target.ledgerName(),
            target.cloud(),
            target.region(),
            target.instanceId(),
            namespace);
  }
}
