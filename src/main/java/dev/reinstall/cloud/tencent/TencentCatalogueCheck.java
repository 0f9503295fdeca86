package dev.reinstall.cloud.tencent;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.api.TencentCloudSpec.LoginSettings;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Password;
import dev.reinstall.cloud.SecretBytes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The check of a request against the images and key pairs of its account. The architecture of the
 * image is not checked: that of the server is not in its description.
 */
final class TencentCatalogueCheck {
  private static final String BLOCK = "tencentCloud.";
  private static final String IMAGE_ID = BLOCK + "imageId";
  private static final String KEY_IDS = BLOCK + "loginSettings.keyIds";
  private static final String PASSWORD = BLOCK + "loginSettings.passwordRef";

  private static final Password.Rules WINDOWS_PASSWORD = new Password.Rules(12, 30, 3, false);
  private static final String WINDOWS_HOST_NAME = "(?![0-9]+$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*";
  private static final int LONGEST_WINDOWS_HOST_NAME = 15;

  /** The types of a system disk that can change between Linux and Windows. */
  private static final Set<String> SWITCHABLE =
      Set.of("CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD", "CLOUD_BSSD");

  private static final Set<String> FAILED_STATES = Set.of("CREATEFAILED", "IMPORTFAILED");

  private final String region;
  private final TencentCloudSpec block;
  private final Observation observation;
  private final Map<SecretKeyRef, SecretBytes> secrets;
  private final Map<CatalogueQuery, CatalogueAnswer> answers;
  private final List<Finding> findings = new ArrayList<>();

  private TencentCatalogueCheck(
      ReinstallSpec spec,
      Observation observation,
      Map<SecretKeyRef, SecretBytes> secrets,
      Map<CatalogueQuery, CatalogueAnswer> answers) {
    this.region = spec.region();
    this.block = spec.tencentCloud();
    this.observation = observation;
    this.secrets = secrets;
    this.answers = answers;
  }

  /** The image to install, the one that is installed, and the key pairs. */
  static List<CatalogueQuery> queries(ReinstallSpec spec, Observation observation) {
    Set<CatalogueQuery> queries = new LinkedHashSet<>();
    Stream.of(
            Optional.ofNullable(spec.tencentCloud().imageId()),
            Optional.ofNullable(observation.installed().get("imageId")))
        .flatMap(Optional::stream)
        .map(id -> TencentCatalogue.IMAGES.query(spec.region(), id))
        .forEach(queries::add);
    keyIds(spec.tencentCloud()).stream()
        .map(id -> TencentCatalogue.KEY_PAIRS.query(spec.region(), id))
        .forEach(queries::add);
    return List.copyOf(queries);
  }

  static List<Finding> findings(
      ReinstallSpec spec,
      Observation observation,
      Map<SecretKeyRef, SecretBytes> secrets,
      Map<CatalogueQuery, CatalogueAnswer> answers) {
    TencentCatalogueCheck check = new TencentCatalogueCheck(spec, observation, secrets, answers);
    check.image();
    check.keyPairs();
    return check.findings;
  }

  private static List<String> keyIds(TencentCloudSpec block) {
    LoginSettings login = block.loginSettings();
    return login == null || login.keyIds() == null ? List.of() : login.keyIds();
  }

  private void invalid(String field, String message) {
    findings.add(Finding.invalid("spec." + field, message));
  }

  private void image() {
    String installed = observation.installed().get("imageId");
    String id = block.imageId() == null ? installed : block.imageId();
    if (id == null) {
      findings.add(
          Finding.warning(
              "spec." + IMAGE_ID,
              "The image is not checked: the cloud does not report which one is installed."));
      return;
    }
    CatalogueQuery query = TencentCatalogue.IMAGES.query(region, id);
    CatalogueAnswer answer = answers.get(query);
    Optional<Finding> unread = answer.warning(query, IMAGE_ID, "name/cvm:DescribeImages");
    if (unread.isPresent()) {
      findings.add(unread.get());
      return;
    }
    Optional<CatalogueEntry> image = answer.entries().stream().findFirst();
    if (image.isPresent()) {
      state(image.get());
      size(image.get());
      login(image.get());
      userData(image.get());
      platform(image.get(), installed);
    } else if (block.imageId() == null) {
      findings.add(
          Finding.warning(
              "spec." + IMAGE_ID,
              "The image that is installed, "
                  + id
                  + ", is not among the images of the account, so it is not checked, and the cloud"
                  + " may reject it."));
    } else {
      invalid(
          IMAGE_ID,
          "imageId must be an image of the account in " + region + "; there is no " + id + ".");
    }
  }

  private void state(CatalogueEntry image) {
    String state = image.property("imageState");
    if (FAILED_STATES.contains(state)) {
      invalid(IMAGE_ID, "imageId must be a usable image; " + image.id() + " is " + state + ".");
    } else if (!state.equals("NORMAL")) {
      findings.add(
          Finding.correctable(
              "spec." + IMAGE_ID,
              "The image "
                  + image.id()
                  + " is not ready (ImageState "
                  + (state.isEmpty() ? "missing" : state)
                  + "). Wait until it is NORMAL."));
    }
  }

  /** As the disk will be; a local one keeps its size. */
  private void size(CatalogueEntry image) {
    Optional<Disk> disk = observation.details().systemDisk();
    boolean local = disk.flatMap(Disk::type).filter(type -> type.startsWith("LOCAL_")).isPresent();
    Optional<Integer> now = disk.flatMap(Disk::size);
    Optional<Integer> wanted =
        Optional.ofNullable(block.systemDisk()).map(TencentCloudSpec.SystemDisk::diskSize);
    Optional<Integer> size = local ? now : wanted.or(() -> now);
    Optional<Integer> needed = number(image.property("imageSize"));
    if (size.isEmpty() || needed.isEmpty() || needed.get() <= size.get()) {
      return;
    }
    if (local) {
      invalid(
          IMAGE_ID,
          "imageId must be an image of at most %d GiB, the size of the local system disk; %s has %d."
              .formatted(size.get(), image.id(), needed.get()));
    } else {
      invalid(
          BLOCK + "systemDisk",
          "systemDisk.diskSize must be at least %d, the size of %s in GiB; the disk would have %d."
              .formatted(needed.get(), image.id(), size.get()));
    }
  }

  private static Optional<Integer> number(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(text));
  }

  private void login(CatalogueEntry image) {
    LoginSettings login = block.loginSettings();
    boolean keeps = login != null && Boolean.TRUE.equals(login.keepImageLogin());
    if (keeps && image.property("imageType").equals("PUBLIC_IMAGE")) {
      invalid(
          BLOCK + "loginSettings.keepImageLogin",
          "keepImageLogin must be left out: "
              + image.id()
              + " is a public image, and only custom, shared and imported ones have a login.");
    }
  }

  private void userData(CatalogueEntry image) {
    boolean given = block.userData() != null || block.userDataRef() != null;
    if (given && image.property("isSupportCloudinit").equals("false")) {
      invalid(
          BLOCK + (block.userDataRef() == null ? "userData" : "userDataRef"),
          "User data must be left out: the image "
              + image.id()
              + " does not support cloud-init, which runs it.");
    }
  }

  private static boolean isWindows(CatalogueEntry image) {
    return image.property("platform").startsWith("Windows");
  }

  private void platform(CatalogueEntry image, String installed) {
    if (image.property("platform").isEmpty()) {
      return;
    }
    if (isWindows(image)) {
      windows(image);
    }
    Optional<String> fixed =
        observation
            .details()
            .systemDisk()
            .flatMap(Disk::type)
            .filter(type -> !SWITCHABLE.contains(type));
    if (fixed.isEmpty() || installed == null || installed.equals(image.id())) {
      return;
    }
    CatalogueAnswer before = answers.get(TencentCatalogue.IMAGES.query(region, installed));
    Optional<Boolean> wasWindows =
        before.entries().stream()
            .findFirst()
            .filter(entry -> !entry.property("platform").isEmpty())
            .map(TencentCatalogueCheck::isWindows);
    String rule =
        "A system disk of type " + fixed.get() + " cannot change between Linux and Windows";
    if (wasWindows.isEmpty()) {
      findings.add(
          Finding.warning(
              "spec." + IMAGE_ID,
              rule + ", and whether " + installed + " is Linux or Windows is not known."));
    } else if (wasWindows.get() != isWindows(image)) {
      invalid(
          IMAGE_ID,
          "imageId must be an image of "
              + (wasWindows.get() ? "Windows" : "Linux")
              + ", as "
              + installed
              + " is. "
              + rule
              + ".");
    }
  }

  private void windows(CatalogueEntry image) {
    if (!keyIds(block).isEmpty()) {
      invalid(
          KEY_IDS, "keyIds must be left out: " + image.id() + " is Windows, which takes no keys.");
    }
    String host = block.hostName();
    if (host != null
        && (!host.matches(WINDOWS_HOST_NAME) || host.length() > LONGEST_WINDOWS_HOST_NAME)) {
      invalid(
          BLOCK + "hostName",
          "hostName must be 2 to 15 letters, digits and single hyphens, not only digits: "
              + image.id()
              + " is Windows.");
    }
    SecretKeyRef password =
        block.loginSettings() == null ? null : block.loginSettings().passwordRef();
    if (password != null && secrets.containsKey(password)) {
      List<Finding> reported =
          TencentSpecValidator.checkSecrets(block, secrets); // by the rules for Linux
      Password.check("spec." + PASSWORD, password, secrets, WINDOWS_PASSWORD).stream()
          .filter(finding -> !reported.contains(finding))
          .map(
              finding ->
                  Finding.correctable(
                      finding.field(),
                      finding.message() + " The image " + image.id() + " is Windows."))
          .forEach(findings::add);
    }
  }

  private void keyPairs() {
    for (String id : keyIds(block)) {
      CatalogueQuery query = TencentCatalogue.KEY_PAIRS.query(region, id);
      CatalogueAnswer answer = answers.get(query);
      Optional<Finding> unread = answer.warning(query, KEY_IDS, "name/cvm:DescribeKeyPairs");
      if (unread.isPresent()) {
        findings.add(unread.get());
        return; // the same call failed for all of them
      }
      if (answer.entries().isEmpty()) {
        invalid(
            KEY_IDS,
            "keyIds must be key pairs of the account in " + region + "; there is no " + id + ".");
      }
    }
  }
}
