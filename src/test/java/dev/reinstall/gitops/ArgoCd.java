package dev.reinstall.gitops;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files for Argo CD. */
final class ArgoCd {
  /** In the layout of Argo CD's own repository. */
  static final Path FOLDER =
      Path.of("deploy/gitops/argocd/resource_customizations/reinstall.dev/Reinstall");

  /** The same for an Argo CD that is installed already. */
  static final Path CONFIG_MAP = Path.of("deploy/gitops/argocd/argocd-cm.yaml");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private ArgoCd() {}

  static Map<String, Object> yaml(Path file) {
    try {
      return YAML.readValue(file.toFile(), new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ConfigMap that holds these scripts. */
  static String configMap() {
    return """
        # Patches the ConfigMap of an Argo CD that is installed already:
        #   kubectl -n argocd patch configmap argocd-cm --patch-file deploy/gitops/argocd/argocd-cm.yaml
        # Made from resource_customizations/ by ArgoCdTest.
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: argocd-cm
          namespace: argocd
        data:
          resource.customizations.health.reinstall.dev_Reinstall: |
        """
        + script("health.lua", 4)
        + "  resource.customizations.actions.reinstall.dev_Reinstall: |\n    discovery.lua: |\n"
        + script("actions/discovery.lua", 6)
        + "    definitions:\n"
        + action("suspend")
        + action("resume");
  }

  private static String action(String name) {
    return "    - name: "
        + name
        + "\n      action.lua: |\n"
        + script("actions/" + name + "/action.lua", 8);
  }

  private static String script(String file, int indent) {
    try {
      return Files.readString(FOLDER.resolve(file)).indent(indent).replaceAll("(?m)^ +$", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(Map<String, Object> from, String key) {
    return (List<Map<String, Object>>) from.get(key);
  }
}
