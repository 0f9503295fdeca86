package dev.reinstall.crds;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The CRDs generated from the records of {@code api}, each with the file in which it is committed.
 */
final class CustomResourceDefinitions {

  private static final Path FOLDER = Path.of("crds");

  private CustomResourceDefinitions() {}

  static Map<Path, String> generate() {
    Map<String, ByteArrayOutputStream> written = new TreeMap<>();
    int generated =
        new CRDGenerator()
            .customResourceClasses(Reinstall.class, ServerLedger.class)
            .forCRDVersions("v1")
            .withMinQuotes(false) // otherwise an enum value such as On becomes a boolean
            .withParallelGenerationEnabled(false)
            .withPostProcessor(new AsCommitted())
            .withOutput(new InMemory(written))
            .generate();
    if (generated != 2) {
      throw new IllegalStateException("expected 2 CRDs, got " + generated + ": see the log");
    }
    Map<Path, String> files = new TreeMap<>();
    written.forEach(
        (name, yaml) ->
            files.put(FOLDER.resolve(name + ".yml"), yaml.toString(StandardCharsets.UTF_8)));
    return files;
  }

  /** The CRDs, and the policy that is made from one of them. */
  static Map<Path, String> generateWithPolicy() {
    Map<Path, String> files = generate();
    String reinstalls = files.get(FOLDER.resolve("reinstalls.reinstall.dev-v1.yml"));
    files.put(
        FOLDER.resolve("known-fields.yml"),
        KnownFieldsPolicy.of(Serialization.unmarshal(reinstalls, CustomResourceDefinition.class)));
    return files;
  }

  private static final class AsCommitted implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String version) {
      return CrdPostProcessor.to((CustomResourceDefinition) crd);
    }
  }

  private record InMemory(Map<String, ByteArrayOutputStream> files)
      implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {

    @Override
    public ByteArrayOutputStream outputFor(String crdName) {
      return files.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
    }

    @Override
    public void close() {}
  }
}
