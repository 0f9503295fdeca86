/** Two simulated clouds with the faults of the real ones; they share no class with the operator. */
package dev.reinstall.simulator;
