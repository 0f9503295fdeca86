package dev.reinstall.simulator.jdcloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the cloud rejects in an instanceSpec. */
final class ReinstallRules {
  private static final List<String> REQUIRED =
      List.of(
          "az", "imageType", "osTypeId", "sysRaidTypeId", "keepData", "dataRaidTypeId", "password");
  private static final Set<String> OPTIONAL = Set.of("hostname", "userData", "keypairId");
  private static final int MOST_USER_DATA = 16 * 1024;

  private final Catalogue catalogue;
  private final Set<String> keypairs;

  ReinstallRules(Catalogue catalogue, Set<String> keypairs) {
    this.catalogue = catalogue;
    this.keypairs = keypairs;
  }

  JdInstallation check(JdServer server, JsonNode spec) {
    checkFields(spec);
    if (!text(spec, "az").equals(server.az())) {
      throw JdRefusal.invalid("az is not that of the instance.");
    }
    if (!text(spec, "imageType").equals("standard")) {
      throw JdRefusal.invalid("imageType is standard.");
    }
    JdInstallation wanted = wanted(server, spec);
    checkKeepData(server, wanted, text(spec, "keepData"));
    checkPassword(text(spec, "password"));
    if (spec.has("hostname")) {
      checkHostname(text(spec, "hostname"));
    }
    if (spec.has("userData")) {
      checkUserData(text(spec, "userData"));
    }
    return wanted;
  }

  private static void checkFields(JsonNode spec) {
    if (!spec.isObject()) {
      throw JdRefusal.invalid("instanceSpec is missing.");
    }
    for (String field : REQUIRED) {
      if (!spec.path(field).isTextual() || spec.get(field).asText().isEmpty()) {
        throw JdRefusal.invalid("instanceSpec." + field + " is missing.");
      }
    }
    spec.properties()
        .forEach(
            field -> {
              if (!REQUIRED.contains(field.getKey()) && !OPTIONAL.contains(field.getKey())) {
                throw JdRefusal.invalid("instanceSpec." + field.getKey() + " is not known.");
              }
              if (!field.getValue().isTextual()) {
                throw JdRefusal.invalid("instanceSpec." + field.getKey() + " is no string.");
              }
            });
  }

  private JdInstallation wanted(JdServer server, JsonNode spec) {
    String device = server.installed().system().deviceType();
    String keypair = spec.path("keypairId").asText("");
    if (!keypair.isEmpty() && !keypairs.contains(keypair)) {
      throw JdRefusal.invalid("There is no such key pair.");
    }
    return new JdInstallation(
        catalogue
            .system(device, text(spec, "osTypeId"))
            .orElseThrow(() -> JdRefusal.invalid("osTypeId is not on offer.")),
        catalogue
            .raid(device, "system", text(spec, "sysRaidTypeId"))
            .orElseThrow(() -> JdRefusal.invalid("sysRaidTypeId is not on offer.")),
        catalogue
            .raid(device, "data", text(spec, "dataRaidTypeId"))
            .orElseThrow(() -> JdRefusal.invalid("dataRaidTypeId is not on offer.")),
        keypair);
  }

  private static void checkKeepData(JdServer server, JdInstallation wanted, String keepData) {
    if (!Set.of("yes", "no").contains(keepData)) {
      throw JdRefusal.invalid("keepData is yes or no.");
    }
    if (keepData.equals("yes") && !wanted.dataRaid().equals(server.installed().dataRaid())) {
      throw JdRefusal.invalid("Data cannot be kept under another RAID.");
    }
  }

  /** The rule of the vendor's virtual machines; that of edcps is not published. */
  private static void checkPassword(String password) {
    long classes =
        Stream.of("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
            .filter(kind -> password.matches("(?s).*" + kind + ".*"))
            .count();
    if (password.length() < 8 || password.length() > 30 || classes < 3) {
      throw JdRefusal.invalid("The password is weak.");
    }
  }

  private static void checkHostname(String name) {
    boolean good =
        name.length() >= 2
            && name.length() <= 64
            && name.matches("[A-Za-z0-9]+([-.][A-Za-z0-9]+)*");
    if (!good) {
      throw JdRefusal.invalid("hostname is illegal.");
    }
  }

  private static void checkUserData(String encoded) {
    byte[] script;
    try {
      script = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw JdRefusal.invalid("userData is not Base64.");
    }
    String text = new String(script, UTF_8);
    if (script.length > MOST_USER_DATA) {
      throw JdRefusal.invalid("userData is over 16 KB.");
    }
    if (!text.startsWith("#!/bin/bash") && !text.startsWith("#!/usr/bin/env python")) {
      throw JdRefusal.invalid("userData is no script for bash or python.");
    }
  }

  private static String text(JsonNode spec, String field) {
    return spec.get(field).asText();
  }
}
