/** Two clouds to test against, as rude as the real ones: they share no class with the operator. */
package dev.reinstall.simulator;
