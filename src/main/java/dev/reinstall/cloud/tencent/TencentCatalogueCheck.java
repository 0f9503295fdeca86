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
import dev.reinstall.cloud.SecretBytes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The check of a request against the images and key pairs of its account. What an entry does not
 * report is not checked, and a finding says so.
 */
final class TencentCatalogueCheck {
  private static final String BLOCK = "tencentCloud.";
  private static final String IMAGE_ID = BLOCK + "imageId";
  private static final String KEY_IDS = BLOCK + "loginSettings.keyIds";

  /** A server of this kind runs both: no page says that the cloud rejects such a change. */
  private static final Set<String> X86 = Set.of("x86_64", "i386");

  private static final Set<String> FAILED_STATES = Set.of("CREATEFAILED", "IMPORTFAILED");

  private final ReinstallSpec spec;
  private final String region;
  private final TencentCloudSpec block;
  private final Observation observation;
  private final Map<CatalogueQuery, CatalogueAnswer> answers;
  private final List<Finding> findings = new ArrayList<>();

  private TencentCatalogueCheck(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    this.spec = spec;
    this.region = spec.region();
    this.block = spec.tencentCloud();
    this.observation = observation;
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
    queries.addAll(TencentImageName.queries(spec));
    TencentSpecValidator.keyIds(spec.tencentCloud()).stream()
        .map(id -> TencentCatalogue.KEY_PAIRS.query(spec.region(), id))
        .forEach(queries::add);
    return List.copyOf(queries);
  }

  static List<Finding> findings(
      ReinstallSpec spec,
      Observation observation,
      Map<SecretKeyRef, SecretBytes> secrets,
      Map<CatalogueQuery, CatalogueAnswer> answers) {
    TencentCatalogueCheck check = new TencentCatalogueCheck(spec, observation, answers);
    Optional<CatalogueEntry> image = check.image();
    image.ifPresent(
        found ->
            check.findings.addAll(
                new TencentPlatformCheck(
                        spec.tencentCloud(),
                        secrets,
                        observation,
                        found,
                        check.installedImage(found))
                    .findings()));
    check.keyPairs();
    return check.findings;
  }

  private void invalid(String field, String message) {
    findings.add(Finding.invalid("spec." + field, message));
  }

  private void correctable(String field, String message) {
    findings.add(Finding.correctable("spec." + field, message));
  }

  private void unchecked(String field, String message) {
    findings.add(Finding.unchecked("spec." + field, message));
  }

  /** What the catalogue says of the image to install; empty: nothing. */
  private Optional<CatalogueEntry> image() {
    if (block.image() != null && block.imageId() == null) {
      return Optional.empty(); // a finding says that the name could not be resolved
    }
    String installed = observation.installed().get("imageId");
    String id = block.imageId() == null ? installed : block.imageId();
    if (id == null) {
      unchecked(
          IMAGE_ID, "The image is not checked: the cloud does not report which one is installed.");
      return Optional.empty();
    }
    CatalogueQuery query = TencentCatalogue.IMAGES.query(region, id);
    CatalogueAnswer answer = answer(query);
    Optional<Finding> unread = answer.unchecked(query, IMAGE_ID, "name/cvm:DescribeImages");
    if (unread.isPresent()) {
      findings.add(unread.get());
      return Optional.empty();
    }
    Optional<CatalogueEntry> image = answer.entries().stream().findFirst();
    if (image.isPresent()) {
      state(image.get());
      size(image.get());
      login(image.get());
      userData(image.get());
      architecture(image.get());
    } else if (block.imageId() == null) {
      unchecked(
          IMAGE_ID,
          "The image that is installed, "
              + id
              + ", is not among the images of the account, so it is not checked, and the cloud may"
              + " reject it.");
    } else {
      // An image of another account is listed under the same ID once it is shared.
      correctable(
          IMAGE_ID,
          "imageId must be an image of the account in "
              + region
              + ", or one that is shared with it; there is no "
              + id
              + ".");
    }
    return image;
  }

  /** One that was given by name was not asked about by its ID. */
  private CatalogueAnswer answer(CatalogueQuery byId) {
    return block.image() == null
        ? answers.get(byId)
        : CatalogueAnswer.of(TencentImageName.entries(spec, answers));
  }

  /** What the catalogue says of the image that is replaced; empty: nothing. */
  private Optional<CatalogueEntry> installedImage(CatalogueEntry image) {
    String installed = observation.installed().get("imageId");
    return image.id().equals(installed)
        ? Optional.of(image)
        : Optional.ofNullable(installed)
            .map(id -> answers.get(TencentCatalogue.IMAGES.query(region, id)))
            .flatMap(answer -> answer.entries().stream().findFirst());
  }

  private void state(CatalogueEntry image) {
    String state = image.property("imageState");
    if (FAILED_STATES.contains(state)) {
      invalid(IMAGE_ID, "imageId must be a usable image; " + image.id() + " is " + state + ".");
    } else if (!state.equals("NORMAL")) {
      correctable(
          IMAGE_ID,
          "The image "
              + image.id()
              + " is not ready (ImageState "
              + (state.isEmpty() ? "missing" : state)
              + "). Wait until it is NORMAL.");
    }
  }

  /** As the disk will be; a local one keeps its size. */
  private void size(CatalogueEntry image) {
    Optional<Disk> disk = observation.details().systemDisk();
    boolean local = TencentSpecValidator.localDisk(observation.details()).isPresent();
    Optional<Integer> now = disk.flatMap(Disk::size);
    Optional<Integer> wanted =
        Optional.ofNullable(block.systemDisk()).map(TencentCloudSpec.SystemDisk::diskSize);
    Optional<Integer> size = local ? now : wanted.or(() -> now);
    Optional<Integer> needed = number(image.property("imageSize"));
    if (size.isEmpty() || needed.isEmpty()) {
      unchecked(
          IMAGE_ID,
          "Whether %s fits on the system disk is not checked: the cloud does not report the size of the %s."
              .formatted(image.id(), needed.isEmpty() ? "image" : "disk"));
    } else if (needed.get() <= size.get()) {
      return;
    } else if (local) {
      invalid(
          IMAGE_ID,
          "imageId must be an image of at most %d GiB, the size of the local system disk; %s has %d."
              .formatted(size.get(), image.id(), needed.get()));
    } else if (wanted.isEmpty()) { // a person can enlarge the disk
      correctable(
          BLOCK + "systemDisk",
          "The system disk must have at least %d GiB, the size of %s; it has %d. Enlarge the disk."
              .formatted(needed.get(), image.id(), size.get()));
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
    String type = image.property("imageType");
    if (keeps && type.isEmpty()) {
      unchecked(
          BLOCK + "loginSettings.keepImageLogin",
          "keepImageLogin is not checked: the cloud does not report the type of "
              + image.id()
              + ".");
    } else if (keeps && type.equals("PUBLIC_IMAGE")) {
      invalid(
          BLOCK + "loginSettings.keepImageLogin",
          "keepImageLogin must be left out: "
              + image.id()
              + " is a public image, and only custom, shared and imported ones have a login.");
    }
  }

  private void userData(CatalogueEntry image) {
    if (block.userData() == null && block.userDataRef() == null) {
      return;
    }
    String field = BLOCK + (block.userDataRef() == null ? "userData" : "userDataRef");
    String supported = image.property("isSupportCloudinit");
    if (supported.isEmpty()) {
      unchecked(
          field,
          "User data is not checked: the cloud does not report whether the image "
              + image.id()
              + " supports cloud-init, which runs it.");
    } else if (supported.equals("false")) {
      invalid(
          field,
          "User data must be left out: the image "
              + image.id()
              + " does not support cloud-init, which runs it.");
    }
  }

  /** That of the server is known only from the image that is installed. */
  private void architecture(CatalogueEntry image) {
    if (image.id().equals(observation.installed().get("imageId"))) {
      return;
    }
    String wanted = image.property("architecture");
    String now = installedImage(image).map(before -> before.property("architecture")).orElse("");
    if (wanted.isEmpty() || now.isEmpty()) {
      unchecked(
          IMAGE_ID,
          "The architecture of "
              + image.id()
              + " is not checked: that of the "
              + (wanted.isEmpty() ? "image" : "installed image")
              + " is not known.");
    } else if (!wanted.equals(now) && X86.containsAll(List.of(wanted, now))) {
      findings.add(
          Finding.warning(
              "spec." + IMAGE_ID,
              "%s is an image for %s and the installed one for %s: the cloud may reject it."
                  .formatted(image.id(), wanted, now)));
    } else if (!wanted.equals(now)) {
      invalid(
          IMAGE_ID,
          "imageId must be an image for %s, as the installed one is; %s is for %s."
              .formatted(now, image.id(), wanted));
    }
  }

  private void keyPairs() {
    for (String id : TencentSpecValidator.keyIds(block)) {
      CatalogueQuery query = TencentCatalogue.KEY_PAIRS.query(region, id);
      CatalogueAnswer answer = answers.get(query);
      Optional<Finding> unread = answer.unchecked(query, KEY_IDS, "name/cvm:DescribeKeyPairs");
      if (unread.isPresent()) {
        findings.add(unread.get());
        return; // the same call failed for all of them
      }
      if (answer.entries().isEmpty()) {
        correctable(
            KEY_IDS,
            "keyIds must be key pairs of the account in " + region + "; there is no " + id + ".");
      }
    }
  }
}
