/** Generates the CRDs from the records of {@code api}, and tests them on a real API server. */
package dev.reinstall.crds;
