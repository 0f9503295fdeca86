package dev.reinstall.exploration;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a process remembers between reconciliations, and loses in a crash.
 *
 * @param known for how many ticks it has known a fact
 * @param abandoned claims of its own that it will never submit
 */
record ProcessMemory(Map<String, Integer> known, Set<String> abandoned) {
  static final ProcessMemory NONE = new ProcessMemory(Map.of(), Set.of());

  private static final Pattern SUBJECT = Pattern.compile("\\bc\\d+\\b|\\d{4}-\\d\\d-\\d\\dT[^ ]*Z");
  private static final Map<String, List<String>> SUBJECTS = new ConcurrentHashMap<>();

  ProcessMemory knowing(String fact) {
    Map<String, Integer> next = new TreeMap<>(known);
    next.put(fact, 0);
    return new ProcessMemory(next, abandoned);
  }

  ProcessMemory abandoning(String claim) {
    Set<String> next = new TreeSet<>(abandoned);
    next.add(claim);
    return new ProcessMemory(known, next);
  }

  /**
   * Without what can no longer be used.
   *
   * @param subjects the ids and the times of the claims whose age may still affect a decision
   * @param abandonable the claims that a ledger may still show
   */
  ProcessMemory trimmed(Predicate<String> subjects, Predicate<String> abandonable) {
    Map<String, Integer> next = new TreeMap<>();
    known.forEach(
        (fact, since) -> {
          List<String> of = subjects(fact);
          if (!of.isEmpty() && subjects.test(of.get(0))) {
            next.put(fact, since);
          }
        });
    Set<String> kept = new TreeSet<>(abandoned);
    kept.removeIf(abandonable.negate());
    return next.equals(known) && kept.equals(abandoned) ? this : new ProcessMemory(next, kept);
  }

  /** One tick later. */
  ProcessMemory aged(int oldest) {
    Map<String, Integer> next = new TreeMap<>();
    known.forEach((fact, age) -> next.put(fact, Math.min(age + 1, oldest)));
    return next.equals(known) ? this : new ProcessMemory(next, abandoned);
  }

  long claims() {
    long claims = 0;
    for (String fact : known.keySet()) {
      claims |= claimsIn(fact);
    }
    for (String claim : abandoned) {
      claims |= claimsIn(claim);
    }
    return claims;
  }

  static long claimsIn(String text) {
    long claims = 0;
    for (String subject : subjects(text)) {
      if (subject.startsWith("c")) {
        claims |= ServerState.bit(Integer.parseInt(subject.substring(1)));
      }
    }
    return claims;
  }

  /**
   * The claims and times that a text refers to; cached, because the same few texts are looked up
   * repeatedly.
   */
  private static List<String> subjects(String text) {
    return SUBJECTS.computeIfAbsent(
        text, t -> SUBJECT.matcher(t).results().map(MatchResult::group).toList());
  }
}
