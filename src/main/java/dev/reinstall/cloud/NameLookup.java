package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks up a name in a catalogue: names are compared exactly, whatever the cloud lists besides.
 *
 * @param field that has the name: its path in the spec
 * @param name that is looked up
 * @param what it must be the name of, such as {@code an image of the account}
 * @param idField that takes an ID in place of the name
 * @param property of an entry that is its name
 */
public record NameLookup(String field, String name, String what, String idField, String property) {

  /** So many are shown, if they are short: a finding has an end. */
  private static final int MOST_CANDIDATES = 10;

  private static final int LONGEST_LIST = 240;

  /** For people: name and ID, as far as they are not null; null: there is neither. */
  public static String shown(String name, String id) {
    return name == null || id == null ? (name == null ? id : name) : name + " (" + id + ")";
  }

  /** The entries with exactly this name, one for each ID: a catalogue may list an ID twice. */
  public List<CatalogueEntry> matches(List<CatalogueEntry> listed) {
    Map<String, CatalogueEntry> byId = new LinkedHashMap<>();
    listed.stream()
        .filter(entry -> entry.property(property).equals(name))
        .forEach(entry -> byId.putIfAbsent(entry.id(), entry));
    return List.copyOf(byId.values());
  }

  /**
   * Why the name does not stand for one entry.
   *
   * @param matches none or several
   * @param others what else is in the catalogue, if it is known
   */
  public Finding finding(List<CatalogueEntry> matches, List<CatalogueEntry> others) {
    String shownName = "\"" + StoredText.printable(name) + "\"";
    if (matches.isEmpty()) {
      String candidates = list(nearest(others).map(this::shown).distinct().toList());
      return Finding.correctable(
          "spec." + field,
          "%s.name must be the name of %s, exactly as it is listed; there is no %s.%s"
              .formatted(
                  field,
                  what,
                  shownName,
                  candidates.isEmpty() ? "" : " The nearest names: " + candidates + "."));
    }
    return Finding.correctable(
        "spec." + field,
        "%s.name must be the name of one entry, but %d are named %s: %s. Create a Reinstall with a new name that has one of these IDs in %s."
            .formatted(
                field,
                matches.size(),
                shownName,
                list(matches.stream().map(CatalogueEntry::id).toList()),
                idField));
  }

  private String shown(CatalogueEntry entry) {
    String known = entry.property(property);
    return shown(known.isEmpty() ? null : known, entry.id());
  }

  private Stream<CatalogueEntry> nearest(List<CatalogueEntry> others) {
    return others.stream()
        .sorted(
            Comparator.comparing((CatalogueEntry entry) -> -equalStart(entry.property(property)))
                .thenComparing(entry -> entry.property(property))
                .thenComparing(CatalogueEntry::id));
  }

  /** How many characters are the same at the beginning, in upper or lower case. */
  private int equalStart(String other) {
    String one = name.toLowerCase(Locale.ROOT);
    String two = other.toLowerCase(Locale.ROOT);
    int equal = 0;
    while (equal < Math.min(one.length(), two.length()) && one.charAt(equal) == two.charAt(equal)) {
      equal++;
    }
    return equal;
  }

  private static String list(List<String> candidates) {
    StringBuilder list = new StringBuilder();
    for (String candidate : candidates.stream().limit(MOST_CANDIDATES).toList()) {
      if (list.length() + candidate.length() > LONGEST_LIST && !list.isEmpty()) {
        break;
      }
      list.append(list.isEmpty() ? "" : ", ").append(candidate);
    }
    return list.toString();
  }
}
