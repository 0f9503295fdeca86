package dev.reinstall.cloud;

/**
 * One question to a catalogue of a cloud: what can be installed, or with which keys to log in.
 *
 * @param action the call of the cloud that answers it, in the cloud's own words, such as {@code
 *     DescribeImages}
 * @param key what is asked about: an ID, or a model of servers
 */
public record CatalogueQuery(String action, String region, String key) {}
