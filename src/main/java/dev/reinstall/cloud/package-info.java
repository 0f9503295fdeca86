/** The port to the clouds, in our words, and the one HTTP client that all adapters use. */
package dev.reinstall.cloud;
