/** The CRDs: made from the records of {@code api}, committed, and tried on a real API server. */
package dev.reinstall.crds;
