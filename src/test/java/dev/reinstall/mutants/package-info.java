/** The guards of the shipped code, switched off one at a time: each of them must be missed. */
package dev.reinstall.mutants;
