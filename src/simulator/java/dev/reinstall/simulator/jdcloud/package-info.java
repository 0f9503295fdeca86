/** The simulated JD Cloud: edcps with reinstallInstance, which remembers client tokens. */
package dev.reinstall.simulator.jdcloud;
