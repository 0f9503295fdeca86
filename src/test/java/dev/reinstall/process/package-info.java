/** The operator as its users run it: the built jar, a process of its own, on real parts. */
package dev.reinstall.process;
