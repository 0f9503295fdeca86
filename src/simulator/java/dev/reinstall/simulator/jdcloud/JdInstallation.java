package dev.reinstall.simulator.jdcloud;

/** What is on the server after a reinstall has ended. */
record JdInstallation(OperatingSystem system, Raid systemRaid, Raid dataRaid, String keypairId) {}
