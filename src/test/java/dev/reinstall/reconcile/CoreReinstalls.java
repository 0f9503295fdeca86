package dev.reinstall.reconcile;

import dev.reinstall.api.CatalogueName;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.OnUnsubmitted;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.TencentCloudSpec;
import java.time.Instant;

/** Requests for the one server of each cloud. */
public final class CoreReinstalls {
  public static final SecretKeyRef LOGIN = new SecretKeyRef("login", "password");

  private CoreReinstalls() {}

  public static Server server(CloudName cloud) {
    return cloud == CloudName.JDCloud
        ? new Server(CloudName.JDCloud, "cn-east-tz1", "cps-a1")
        : new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
  }

  public static ReinstallSpec of(
      CloudName cloud, String image, Instant notAfter, WhenRunning whenRunning, boolean suspend) {
    return of(cloud, image, notAfter, whenRunning, OnUnsubmitted.LeaveStopped, suspend);
  }

  public static ReinstallSpec of(
      CloudName cloud,
      String image,
      Instant notAfter,
      WhenRunning whenRunning,
      OnUnsubmitted onUnsubmitted,
      boolean suspend) {
    Server server = server(cloud);
    boolean jd = cloud == CloudName.JDCloud;
    TencentCloudSpec.LoginSettings login =
        new TencentCloudSpec.LoginSettings(LOGIN, null, null, null);
    return new ReinstallSpec(
        server.cloud(),
        server.region(),
        server.instanceId(),
        new SecretRef("account"),
        notAfter,
        jd ? null : new TencentCloudSpec(image, null, login, null, null, null, null, null),
        jd
            ? new JdCloudSpec(
                "cn-east-tz1a",
                null,
                image,
                "raid1",
                true,
                "raid5",
                LOGIN,
                null,
                null,
                null,
                null,
                null)
            : null,
        whenRunning,
        onUnsubmitted,
        null,
        null,
        null,
        suspend,
        null);
  }

  public static ReinstallSpec suspended(ReinstallSpec spec, boolean suspend) {
    return of(
        spec.cloud(),
        image(spec),
        spec.notAfter(),
        spec.whenRunning(),
        spec.onUnsubmitted(),
        suspend);
  }

  /** The same, with the name of its image in place of the ID. */
  static ReinstallSpec named(ReinstallSpec spec, String name) {
    CatalogueName image = new CatalogueName(name, null);
    JdCloudSpec jd = spec.jdCloud();
    return jd == null
        ? spec.withBlock(
            new TencentCloudSpec(
                null,
                image,
                null,
                spec.tencentCloud().loginSettings(),
                null,
                null,
                null,
                null,
                null))
        : spec.withBlock(
            new JdCloudSpec(
                jd.az(),
                null,
                null,
                image,
                jd.sysRaidTypeId(),
                null,
                jd.keepData(),
                jd.dataRaidTypeId(),
                null,
                jd.passwordRef(),
                null,
                null,
                null,
                null,
                null,
                null));
  }

  /** Null: it has an ID. */
  static String imageName(ReinstallSpec spec) {
    return CatalogueName.of(
        spec.jdCloud() != null ? spec.jdCloud().os() : spec.tencentCloud().image());
  }

  static ReinstallSpec withImage(ReinstallSpec spec, String image) {
    JdCloudSpec jd = spec.jdCloud();
    return spec.withBlock(
        jd == null
            ? spec.tencentCloud().withImageId(image)
            : jd.withIds(image, jd.sysRaidTypeId(), jd.dataRaidTypeId()));
  }

  public static String image(ReinstallSpec spec) {
    return spec.jdCloud() != null ? spec.jdCloud().osTypeId() : spec.tencentCloud().imageId();
  }
}
