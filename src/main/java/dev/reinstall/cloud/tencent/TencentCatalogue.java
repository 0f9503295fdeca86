package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CatalogueQuery.By;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.Redaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The catalogues of this cloud: images, asked by ID or name, and key pairs, asked by ID. */
enum TencentCatalogue {
  IMAGES("DescribeImages", "ImageIds", "ImageSet", "ImageId"),
  KEY_PAIRS("DescribeKeyPairs", "KeyIds", "KeyPairSet", "KeyId");

  /** How many IDs one call takes, and how many entries it returns at most. */
  static final int MOST_IDS = 100;

  /** Of an image: its name, if all of it can be shown. */
  static final String NAME = "imageName";

  private static final List<String> IMAGE_TEXTS =
      List.of("ImageType", "ImageState", "Platform", "Architecture");

  /**
   * By these a call about one ID alone says that there is no such thing. They are attested for
   * ResetInstance; that an unknown ID is left out of the list is what the pages of the catalogues
   * lead to expect.
   */
  private static final List<String> MISSING =
      List.of(
          "InvalidImageId.NotFound",
          "InvalidImageId.Malformed",
          "InvalidKeyPairId.Malformed",
          "InvalidParameterValue.KeyPairNotFound",
          "ResourceNotFound.KeyPairNotFound");

  private final String action;
  private final String parameter;
  private final String set;
  private final String id;

  TencentCatalogue(String action, String parameter, String set, String id) {
    this.action = action;
    this.parameter = parameter;
    this.set = set;
    this.id = id;
  }

  CatalogueQuery query(String region, String key) {
    return new CatalogueQuery(action, region, key);
  }

  /**
   * Those of this name. Whether the filter of the cloud compares exactly is not attested, so what
   * is similar may be among them.
   */
  static CatalogueQuery imagesNamed(String region, String name) {
    return new CatalogueQuery(IMAGES.action, region, By.NAME, name);
  }

  /** The first of all, to show what a name could have been. */
  static CatalogueQuery someImages(String region) {
    return new CatalogueQuery(IMAGES.action, region, By.ALL, "");
  }

  static TencentCatalogue of(CatalogueQuery query) {
    return query.action().equals(IMAGES.action) ? IMAGES : KEY_PAIRS;
  }

  ObjectNode parameters(List<CatalogueQuery> queries) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    switch (queries.get(0).by()) {
      case ID -> {
        ArrayNode ids = parameters.putArray(parameter);
        queries.forEach(query -> ids.add(query.key()));
      }
      case NAME ->
          parameters
              .putArray("Filters")
              .addObject()
              .put("Name", "image-name")
              .putArray("Values")
              .add(queries.get(0).key());
      case ALL -> {} // without a filter
    }
    return parameters.put("Limit", MOST_IDS);
  }

  /** Whether the response says that there is nothing with the one ID that was asked about. */
  static boolean isMissing(List<CatalogueQuery> queries, CloudResponse response)
      throws CloudException {
    Optional<Fields> error = response.content().object("Error");
    return queries.size() == 1
        && queries.get(0).by() == By.ID
        && error.isPresent()
        && MISSING.contains(error.get().text("Code").orElse(""));
  }

  /** The entries of the response, each with the query that it answers; others are left out. */
  Map<CatalogueQuery, List<CatalogueEntry>> entries(
      List<CatalogueQuery> queries, CloudResponse response, Redaction redaction)
      throws CloudException {
    Map<CatalogueQuery, List<CatalogueEntry>> entries = new HashMap<>();
    List<Fields> listed =
        response
            .content()
            .objects(set)
            .orElseThrow(() -> response.ambiguous("The response contains no " + set + "."));
    for (Fields one : listed) {
      String key = one.text(id).orElse("");
      for (CatalogueQuery query : queries) {
        if (query.by() != By.ID || query.key().equals(key)) {
          entries
              .computeIfAbsent(query, any -> new ArrayList<>())
              .add(new CatalogueEntry(key, properties(one, redaction)));
        }
      }
    }
    return entries;
  }

  private Map<String, String> properties(Fields one, Redaction redaction) throws CloudException {
    Map<String, String> properties = new HashMap<>();
    if (this == KEY_PAIRS) {
      return properties;
    }
    for (String field : IMAGE_TEXTS) {
      one.text(field).ifPresent(text -> properties.put(name(field), redaction.clean(text)));
    }
    one.text("ImageName")
        .flatMap(name -> CatalogueEntry.name(name, redaction))
        .ifPresent(name -> properties.put(NAME, name));
    one.number("ImageSize").ifPresent(size -> properties.put("imageSize", size.toString()));
    one.flag("IsSupportCloudinit")
        .ifPresent(flag -> properties.put("isSupportCloudinit", flag.toString()));
    return properties;
  }

  private static String name(String field) {
    return Character.toLowerCase(field.charAt(0)) + field.substring(1);
  }
}
