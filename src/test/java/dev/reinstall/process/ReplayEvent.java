package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;

/** What happens to a request, in the words of {@code replays.md}. */
enum ReplayEvent {
  NOTHING_MORE("-"),

  // By hand.

  DELETED_AND_APPLIED("deleted and applied again") {
    @Override
    String manifest(GivenReinstall given) {
      return given.alone().manifest();
    }

    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(
          given,
          () -> {
            given.site().kubectl("delete", "ri", given.name()).orFail();
            given.site().apply(given.manifest());
          });
    }
  },
  REPLACED_BY_FORCE("replaced by force") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(given, () -> given.put("replace", "--force").orFail());
    }
  },
  LABELLED("labelled") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      given.site().kubectl("label", "ri", given.name(), "a=b").orFail();
      return given;
    }
  },
  MOVED("moved to another namespace") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      given.site().kubectl("delete", "ri", given.name()).orFail();
      GivenReinstall moved = given.inNamespace(given.site().newestNamespace());
      given.site().applyIn(moved.namespace(), moved.manifest());
      return moved;
    }
  },

  MOVED_WITH_ITS_SERVER("moved to another namespace, as its server is by an administrator") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      GivenReinstall moved = MOVED.happen(given, backup);
      given.site().give(given.cloud().server(given.id()), moved.namespace());
      return moved;
    }
  },

  // By Argo CD.

  PRUNED_BY_ARGO_CD("pruned by Argo CD in the foreground, and synced again") {
    @Override
    String manifest(GivenReinstall given) {
      return GitOpsManifest.ofArgoCd(given, "ServerSideApply=true");
    }

    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(
          given,
          () -> {
            GitOpsManifest.applyByArgoCd(given).orFail();
            deleteInForeground(given);
            assertThat(given.object().orElseThrow().isMarkedForDeletion()).isTrue();
            collectGarbage(given);
            GitOpsManifest.applyByArgoCd(given).orFail();
          });
    }
  },
  PRUNED_BY_ARGO_CD_BEFORE_ITS_START(
      "pruned by Argo CD in the foreground, and synced again after its server stopped") {
    @Override
    String manifest(GivenReinstall given) {
      return GitOpsManifest.ofArgoCd(given, "ServerSideApply=true");
    }

    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(
          given,
          () -> {
            String uid = given.uid();
            deleteInForeground(given);
            given.letGo();
            given.site().staysTheSame("the requests that were sent", given::sends);
            given.assertSent(0, 0);
            assertThat(given.uid()).isEqualTo(uid);
            collectGarbage(given);
            GitOpsManifest.applyByArgoCd(given).orFail();
          });
    }
  },
  /** An existing object is replaced, and one that was pruned, in the background, is created. */
  REPLACED_BY_ARGO_CD("replaced by Argo CD, pruned, and created again") {
    @Override
    String manifest(GivenReinstall given) {
      return GitOpsManifest.ofArgoCd(given, "Replace=true");
    }

    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(
          given,
          () -> {
            String uid = given.uid();
            GitOpsManifest.putByArgoCd(given, "replace").orFail();
            assertThat(given.uid()).isEqualTo(uid);
            assertThat(given.reported()).isEqualTo(given.stage().words);
            deleteInBackground(given);
            GitOpsManifest.putByArgoCd(given, "create").orFail();
          });
    }
  },

  // By Flux.

  PRUNED_BY_FLUX("pruned by Flux, and applied again") {
    @Override
    String manifest(GivenReinstall given) {
      return GitOpsManifest.ofFlux(given);
    }

    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(
          given,
          () -> {
            GitOpsManifest.applyByFlux(given).orFail();
            deleteInBackground(given);
            GitOpsManifest.applyByFlux(given).orFail();
          });
    }
  },
  EDITED_AND_FORCED_BY_FLUX("edited, and forced by Flux") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      GivenReinstall edited =
          given.with(
              GitOpsManifest.ofFlux(given)
                  .replace("img-ubuntu22", "img-pmqg1cw7")
                  .replace("os-2", "os-1"));
      return replaced(
          edited,
          () -> {
            assertThat(GitOpsManifest.applyByFlux(edited).err()) // which is what force is for
                .contains("is invalid", "field is immutable; create a Reinstall with a new name");
            deleteInBackground(edited);
            GitOpsManifest.applyByFlux(edited).orFail();
          });
    }
  },

  // By a backup tool.

  RESTORED_WITH_ITS_LEDGER("restored without status, with its ledger") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      deleteAll(given);
      backup.ledger().ifPresent(l -> backup.createLedger());
      backup.createReinstall();
      return given;
    }
  },
  RESTORED_AFTER_ITS_LEDGER("restored without status, its ledger first") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return replaced(given, () -> RESTORED_WITH_ITS_LEDGER.happen(given, backup));
    }
  },
  RESTORED("restored with its status, its ledger was never lost") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      given.delete();
      backup.createReinstallWithStatus();
      return given;
    }
  },
  RESTORED_ALONE("restored with its status, its ledger is lost") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      deleteAll(given);
      backup.createReinstallWithStatus();
      return given;
    }
  },
  OLDER_LEDGER("its ledger is deleted, and an older one restored") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      assertThatThrownBy(backup::replaceLedger).hasMessageContaining("is invalid: ");
      given.site().deleteLedger(given.id());
      backup.createLedger();
      return given;
    }
  },

  // In another cluster.

  REBUILT("applied in another cluster"),
  REBUILT_AND_TOKEN_FORGOTTEN("applied in another cluster, after the cloud forgot its token") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      given.site().jd.forgetTokens(given.id());
      return given;
    }
  },
  REBUILT_WITH_PRECONDITIONS_IT_FULFILS(
      "applied in another cluster, with preconditions that it fulfils itself") {
    @Override
    String manifest(GivenReinstall given) {
      return given.manifest().replace("img-ubuntu22", "img-pmqg1cw7")
          + "  preconditions: {imageId: img-pmqg1cw7}\n";
    }
  },
  REBUILT_WITH_PRECONDITIONS(
      "applied in another cluster, with preconditions that only the system before fulfilled") {
    @Override
    String manifest(GivenReinstall given) {
      return onlyFromTheSystemBefore(given);
    }
  },
  REBUILT_TOO_LATE("applied in another cluster, after its notAfter") {
    /** For the other cluster, elapsed time and an older manifest are equivalent. */
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      return given.with(
          given.manifest().replaceAll("notAfter: .*", "notAfter: \"2020-01-01T00:00:00Z\""));
    }
  },
  REBUILT_WHILE_IT_RUNS("applied in another cluster, while its server runs") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      given.cloud().plugIn(given.site(), given.id());
      return given;
    }
  },

  // The whole cluster is restored.

  COMPARED("suspended by a user who compared it with the cloud") {
    @Override
    GivenReinstall happen(GivenReinstall given, Backup backup) {
      given.suspend(true);
      return given;
    }
  },
  ROLLED_BACK_WITH_PRECONDITIONS("with preconditions that only the system before fulfilled") {
    @Override
    String manifest(GivenReinstall given) {
      return onlyFromTheSystemBefore(given);
    }
  };

  private final String words;

  ReplayEvent(String words) {
    this.words = words;
  }

  static ReplayEvent of(String words) {
    return Stream.of(values())
        .filter(event -> event.words.equals(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no event: " + words));
  }

  /** The manifest of the request from its start. */
  String manifest(GivenReinstall given) {
    return given.manifest();
  }

  /**
   * Makes it happen.
   *
   * @return the request as it is then
   */
  GivenReinstall happen(GivenReinstall given, Backup backup) {
    return given;
  }

  /** The object is a new one afterwards. */
  private static GivenReinstall replaced(GivenReinstall given, Runnable happening) {
    String uid = given.uid();
    happening.run();
    assertThat(given.uid()).isNotEqualTo(uid);
    return given;
  }

  /** The object stays until the garbage collector has seen that nothing depends on it. */
  private static void deleteInForeground(GivenReinstall given) {
    given
        .site()
        .kubectl("delete", "ri", given.name(), "--cascade=foreground", "--wait=false")
        .orFail();
  }

  /** As the garbage collector does when an object deleted in the foreground has no dependents. */
  private static void collectGarbage(GivenReinstall given) {
    given.patch("{\"metadata\":{\"finalizers\":null}}");
    assertThat(given.object()).isEmpty();
  }

  private static void deleteInBackground(GivenReinstall given) {
    given.site().kubectl("delete", "ri", given.name(), "--cascade=background").orFail();
  }

  private static void deleteAll(GivenReinstall given) {
    given.delete();
    given.site().deleteLedger(given.id());
  }

  private static String onlyFromTheSystemBefore(GivenReinstall given) {
    return given.manifest()
        + (given.cloud() == CloudUnderTest.TENCENT
            ? "  preconditions: {imageId: img-pmqg1cw7}\n"
            : "  preconditions: {osTypeId: os-1}\n");
  }

  @Override
  public String toString() {
    return words;
  }
}
