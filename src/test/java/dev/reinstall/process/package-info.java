/**
 * Tests of the operator as users run it: the built jar, in its own process, on a real API server.
 */
package dev.reinstall.process;
