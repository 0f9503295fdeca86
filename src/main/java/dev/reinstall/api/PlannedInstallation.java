package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/** What a request will install, wipe and keep, as its cloud does it. */
@JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlannedInstallation(
    @Size(max = 16)
        @JsonPropertyDescription(
            "What is installed now: system, its name, and IDs in the cloud's own field names.")
        Map<String, @Size(max = 128) String> from,
    @Size(max = 16)
        @JsonPropertyDescription(
            "What will be installed, in the cloud's own field names; of what the request gives by name,"
                + " name and ID.")
        Map<String, @Size(max = 256) String> to,
    @Size(max = 64) @JsonPropertyDescription("The disks that will be erased.")
        List<@Size(max = 256) String> wipedDisks,
    @Size(max = 64) @JsonPropertyDescription("The disks that keep their data.")
        List<@Size(max = 256) String> keptDisks,
    @Size(max = 16) @JsonPropertyDescription("What else changes: size of a disk, RAID.")
        List<@Size(max = 256) String> changes,
    @Size(max = 256) @JsonPropertyDescription("How to log in to the installed system.")
        String login,
    @Size(max = 128) @JsonPropertyDescription("Host name that the request sets.") String hostname,
    @Size(max = 128) @JsonPropertyDescription("Size and SHA-256 of the user data.")
        String userData) {}
