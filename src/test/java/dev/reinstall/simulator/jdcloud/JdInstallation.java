package dev.reinstall.simulator.jdcloud;

/** What will be on the server once a reinstall has ended. */
record JdInstallation(OperatingSystem system, Raid systemRaid, Raid dataRaid, String keypairId) {}
