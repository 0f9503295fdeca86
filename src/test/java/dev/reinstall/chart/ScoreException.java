package dev.reinstall.chart;

import java.util.List;

/** A check of kube-score that the manifests do not meet, and why. */
enum ScoreException {
  CPU_LIMIT(
      "CPU limit is not set",
      "no limit of the CPU: a throttled operator renews its Lease late, and what it may send within"
          + " `REINSTALL_SEND_WITHIN` is not sent. The request is what the scheduler needs.",
      "--ignore-container-cpu-limit"),
  PULL_POLICY(
      "ImagePullPolicy is not set to Always",
      "`imagePullPolicy` is not `Always`: the tag is a version, and a Pod must start while the"
          + " registry does not respond. The chart's `image.pullPolicy` sets it.",
      "--ignore-test",
      "container-image-pull-policy");

  /** What kube-score reports. */
  final String finding;

  final String reason;

  /** By these it does not. */
  final List<String> arguments;

  ScoreException(String finding, String reason, String... arguments) {
    this.finding = finding;
    this.reason = reason;
    this.arguments = List.of(arguments);
  }
}
