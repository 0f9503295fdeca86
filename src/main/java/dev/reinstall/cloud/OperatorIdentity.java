package dev.reinstall.cloud;

import java.util.List;

/**
 * The operator's own identity in a cloud, which a credentials Secret may name instead of keys.
 *
 * @param sources what the Secret's key {@link #KEY} may be; empty: the cloud has none
 * @param namespaces whose Reinstalls may use it
 * @param setting the name of the setting that lists the namespaces
 */
public record OperatorIdentity(List<String> sources, List<String> namespaces, String setting) {

  /** The key of a credentials Secret that names a source. */
  public static final String KEY = "source";

  public static final OperatorIdentity NONE = new OperatorIdentity(List.of(), List.of(), "");
}
