/**
 * Disables the guards of the production code one at a time: without each of them tests must fail.
 */
package dev.reinstall.mutants;
