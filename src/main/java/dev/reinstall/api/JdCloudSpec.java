package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** JD Cloud edcps reinstallInstance, in that API's field names. */
@ValidationRule(
    value = UserDataRules.BYTES,
    fieldPath = ".userData",
    message = UserDataRules.BYTES_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.PLAIN,
    fieldPath = ".userData",
    message = UserDataRules.PLAIN_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.ONE,
    fieldPath = ".userDataRef",
    message = UserDataRules.ONE_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.NO_MARK,
    fieldPath = ".userData",
    message = UserDataRules.MARK_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.LINE_FEED,
    fieldPath = ".userData",
    message = UserDataRules.LINE_FEED_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.FIRST_LINE,
    fieldPath = ".userData",
    message = UserDataRules.SCRIPT_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || has(self.osTypeId) != has(self.os)",
    fieldPath = ".osTypeId",
    message = JdCloudSpec.ONE_OS_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || has(self.sysRaidTypeId) != has(self.sysRaid)",
    fieldPath = ".sysRaidTypeId",
    message = JdCloudSpec.ONE_SYSTEM_RAID_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || has(self.dataRaidTypeId) != has(self.dataRaid)",
    fieldPath = ".dataRaidTypeId",
    message = JdCloudSpec.ONE_DATA_RAID_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || has(self.passwordRef) != has(self.generatePassword)",
    fieldPath = ".passwordRef",
    message = JdCloudSpec.ONE_PASSWORD_MESSAGE,
    optionalOldSelf = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JdCloudSpec(
    @Required
        @Pattern(ZONE)
        @Size(max = 40)
        @JsonPropertyDescription("Availability zone of the server, such as cn-east-tz1a.")
        String az,
    @Default("\"standard\"")
        @JsonPropertyDescription("Image type; the cloud supports only standard.")
        ImageType imageType,
    @Size(min = 1, max = 64)
        @Pattern(ID)
        @JsonPropertyDescription("Operating system to install: an osTypeId from describeOS.")
        String osTypeId,
    @JsonPropertyDescription(
            "Operating system to install, by its osName from describeOS, in place of osTypeId."
                + " Exactly one system for the device type of the server must have the name.")
        CatalogueName os,
    @Size(min = 1, max = 64)
        @Pattern(ID)
        @JsonPropertyDescription("RAID of the system disk: a raidTypeId from describeDeviceRaids.")
        String sysRaidTypeId,
    @JsonPropertyDescription(
            "RAID of the system disk, by its raidType from describeDeviceRaids, such as RAID1, in"
                + " place of sysRaidTypeId.")
        CatalogueName sysRaid,
    @Required
        @JsonPropertyDescription(
            "If true, the data disks are kept; if false, they are erased too. A boolean,"
                + " without quotes. If true, dataRaidTypeId must be the current RAID.")
        Boolean keepData,
    @Size(min = 1, max = 64)
        @Pattern(ID)
        @JsonPropertyDescription("RAID of the data disks: a raidTypeId from describeDeviceRaids.")
        String dataRaidTypeId,
    @JsonPropertyDescription(
            "RAID of the data disks, by its raidType from describeDeviceRaids, such as RAID0, in"
                + " place of dataRaidTypeId.")
        CatalogueName dataRaid,
    @JsonPropertyDescription(
            "Secret key with the password: 8 to 30 printable ASCII characters of at least 3 of the"
                + " classes lower-case letters, upper-case letters, digits and special characters."
                + " One line break at its end is ignored. Required by the cloud even with a key"
                + " pair.")
        SecretKeyRef passwordRef,
    @JsonPropertyDescription(GeneratedPassword.DESCRIPTION) GeneratedPassword generatePassword,
    @Size(min = 2, max = 64)
        @ValidationRule(
            value = "self.matches('^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$')",
            message =
                "must be 2 to 64 letters and digits, separated by single dots or hyphens, such as"
                    + " web-1")
        @JsonPropertyDescription(
            "Host name: 2 to 64 letters and digits, separated by single dots or hyphens.")
        String hostname,
    @Size(min = 1, max = 16384)
        @JsonPropertyDescription(
            "User data as plain text, at most 16384 bytes; its first line must be #!/bin/bash"
                + " or #!/usr/bin/env python. The operator encodes it in Base64.")
        String userData,
    @JsonPropertyDescription(
            "Secret key with the user data, as plain text. The rules are those of userData.")
        SecretKeyRef userDataRef,
    @Size(min = 1, max = 64)
        @Pattern(ID)
        @JsonPropertyDescription("ID of the key pair to install in addition to the password.")
        String keypairId,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties)
    implements CloudBlock {

  public static final String ONE_OS_MESSAGE = "exactly one of osTypeId and os must be set";
  public static final String ONE_SYSTEM_RAID_MESSAGE =
      "exactly one of sysRaidTypeId and sysRaid must be set";
  public static final String ONE_DATA_RAID_MESSAGE =
      "exactly one of dataRaidTypeId and dataRaid must be set";
  public static final String ONE_PASSWORD_MESSAGE =
      "exactly one of passwordRef and generatePassword must be set";

  static final String ID = "^[A-Za-z0-9._-]+$";
  private static final String ZONE = "^[a-z]{2,}(-[a-z0-9]+)+$";

  static final List<Precondition> PRECONDITIONS =
      List.of(
          new Precondition(
              "osTypeId",
              "JD Cloud: osTypeId of the operating system that must be installed.",
              ID,
              64),
          new Precondition(
              "name",
              "JD Cloud: name that the server must have, such as db-1.",
              null,
              128,
              Precondition.Subject.NAME));

  /** With IDs, and a password of its owner. */
  public JdCloudSpec(
      String az,
      ImageType imageType,
      String osTypeId,
      String sysRaidTypeId,
      Boolean keepData,
      String dataRaidTypeId,
      SecretKeyRef passwordRef,
      String hostname,
      String userData,
      SecretKeyRef userDataRef,
      String keypairId,
      Map<String, Object> additionalProperties) {
    this(
        az,
        imageType,
        osTypeId,
        null,
        sysRaidTypeId,
        null,
        keepData,
        dataRaidTypeId,
        null,
        passwordRef,
        null,
        hostname,
        userData,
        userDataRef,
        keypairId,
        additionalProperties);
  }

  /** The same with these IDs, beside the names. */
  public JdCloudSpec withIds(String osTypeId, String sysRaidTypeId, String dataRaidTypeId) {
    JdCloudSpec withSystem = RecordFields.with(this, "osTypeId", osTypeId);
    JdCloudSpec withSystemRaid = RecordFields.with(withSystem, "sysRaidTypeId", sysRaidTypeId);
    return RecordFields.with(withSystemRaid, "dataRaidTypeId", dataRaidTypeId);
  }

  @Override
  public Map<String, String> defaults() {
    return Map.of("imageType", ImageType.standard.name());
  }

  @Override
  public String toString() {
    return "JdCloudSpec[osTypeId=" + osTypeId + "]";
  }

  /** The cloud's image types; an absent field means {@code standard}. */
  public enum ImageType {
    standard,
    /** A value of a newer operator; never in the schema, never written. */
    UNRECOGNIZED;

    @JsonCreator
    static ImageType read(String word) {
      return LenientEnums.parse(ImageType.class, word, UNRECOGNIZED);
    }
  }
}
