package dev.reinstall.cloud;

/** Makes one cloud from its settings. */
@FunctionalInterface
public interface CloudFactory {
  CloudProvider create(CloudSettings settings, CloudHttp http);
}
