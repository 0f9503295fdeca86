package dev.reinstall.cloud.tencent;

import dev.reinstall.api.CatalogueName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.NameLookup;
import dev.reinstall.cloud.Resolution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The image that a request gives by its name. That names are unique is not attested: the name of
 * one image of an account may be that of another, also of a public one.
 */
final class TencentImageName {
  static final String ID_FIELD = "imageId";
  private static final String FIELD = "tencentCloud.image";

  private TencentImageName() {}

  /** Null: the request gives no name. */
  static String of(TencentCloudSpec block) {
    return CatalogueName.of(block.image());
  }

  static Map<String, String> names(TencentCloudSpec block) {
    return of(block) == null ? Map.of() : Map.of(ID_FIELD, of(block));
  }

  static List<CatalogueQuery> queries(ReinstallSpec spec) {
    String name = of(spec.tencentCloud());
    return name == null
        ? List.of()
        : List.of(
            TencentCatalogue.imagesNamed(spec.region(), name),
            TencentCatalogue.someImages(spec.region()));
  }

  static Resolution resolve(ReinstallSpec spec, Map<CatalogueQuery, CatalogueAnswer> answers) {
    String name = of(spec.tencentCloud());
    if (name == null) {
      return Resolution.NONE;
    }
    CatalogueQuery query = TencentCatalogue.imagesNamed(spec.region(), name);
    CatalogueAnswer answer = answers.get(query);
    Optional<Finding> unread = answer.unresolved(query, FIELD, "name/cvm:DescribeImages");
    if (unread.isPresent()) {
      return failed(unread.get());
    }
    NameLookup lookup =
        new NameLookup(
            FIELD,
            name,
            "an image of the account in " + spec.region() + ", or one that is shared with it",
            "tencentCloud." + ID_FIELD,
            TencentCatalogue.NAME);
    List<CatalogueEntry> matches = lookup.matches(answer.entries());
    if (matches.size() == 1 && answer.entries().size() < TencentCatalogue.MOST_IDS) {
      return new Resolution(Map.of(ID_FIELD, matches.get(0).id()), List.of());
    }
    return failed(
        answer.entries().size() < TencentCatalogue.MOST_IDS
            ? lookup.finding(matches, others(spec, answer, answers))
            : tooMany(name));
  }

  private static Resolution failed(Finding finding) {
    return new Resolution(Map.of(), List.of(finding));
  }

  /** What is similar comes first; the first images of the account may not be read. */
  private static List<CatalogueEntry> others(
      ReinstallSpec spec, CatalogueAnswer similar, Map<CatalogueQuery, CatalogueAnswer> answers) {
    return Stream.of(
            similar.entries(), answers.get(TencentCatalogue.someImages(spec.region())).entries())
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  /** Behind what one call lists there may be another one of the name. */
  private static Finding tooMany(String name) {
    return Finding.correctable(
        "spec." + FIELD,
        ("%s.name must be a name by which the cloud lists fewer than %d images, so that it is clear"
                + " that one image alone has it; there are more for \"%s\". Create a Reinstall with"
                + " a new name that has the ID of the image in tencentCloud.%s.")
            .formatted(FIELD, TencentCatalogue.MOST_IDS, name, ID_FIELD));
  }

  /** What the catalogue says of the image that the name was resolved to; empty: nothing. */
  static List<CatalogueEntry> entries(
      ReinstallSpec spec, Map<CatalogueQuery, CatalogueAnswer> answers) {
    TencentCloudSpec block = spec.tencentCloud();
    return answers.get(TencentCatalogue.imagesNamed(spec.region(), of(block))).entries().stream()
        .filter(entry -> entry.id().equals(block.imageId()))
        .toList();
  }
}
