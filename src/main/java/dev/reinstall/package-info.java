/** Wiring only: the environment becomes objects, and the objects are started. */
package dev.reinstall;
