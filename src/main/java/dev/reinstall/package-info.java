/** The wiring: the environment becomes settings, settings become objects, objects are started. */
package dev.reinstall;
