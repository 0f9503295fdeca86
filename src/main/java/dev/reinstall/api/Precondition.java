package dev.reinstall.api;

/**
 * What a cloud reports of the installed system and {@code spec.preconditions} may require.
 *
 * @param field its name, as in what the cloud reports
 * @param description for {@code kubectl explain}
 * @param pattern of a value
 * @param maxLength of a value
 */
public record Precondition(String field, String description, String pattern, int maxLength) {}
