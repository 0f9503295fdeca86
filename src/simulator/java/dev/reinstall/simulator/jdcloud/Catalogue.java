package dev.reinstall.simulator.jdcloud;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What can be installed, per device type. */
public final class Catalogue {
  /** The default device type of a server. */
  public static final String DEVICE_TYPE = "cps.c.normal";

  private final List<OperatingSystem> systems = new CopyOnWriteArrayList<>();
  private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();
  private final List<Raid> raids = new CopyOnWriteArrayList<>();

  Catalogue() {
    add(new OperatingSystem("os-1", "CentOS 7.9 64bit", "CentOS", "7.9", DEVICE_TYPE));
    add(new OperatingSystem("os-2", "Ubuntu 22.04 64bit", "Ubuntu", "22.04", DEVICE_TYPE));
    add(new Raid("raid-1", "RAID1", "system", DEVICE_TYPE));
    add(new Raid("raid-2", "RAID0", "data", DEVICE_TYPE));
    add(new Raid("raid-3", "NORAID", "system", DEVICE_TYPE));
    add(new Raid("raid-4", "RAID10", "data", DEVICE_TYPE));
  }

  public Catalogue add(OperatingSystem system) {
    systems.add(system);
    return this;
  }

  public Catalogue add(Raid raid) {
    raids.add(raid);
    return this;
  }

  /** The list still has it, but it is installed no more. */
  public Catalogue withdraw(OperatingSystem system) {
    withdrawn.add(system.osTypeId());
    return add(system);
  }

  /** An operating system that is no longer offered. */
  public Catalogue removeSystem(String osTypeId) {
    systems.removeIf(one -> one.osTypeId().equals(osTypeId));
    return this;
  }

  /** A RAID configuration that is no longer offered. */
  public Catalogue removeRaid(String raidTypeId) {
    raids.removeIf(one -> one.raidTypeId().equals(raidTypeId));
    return this;
  }

  List<OperatingSystem> systems(String deviceType) {
    return systems.stream().filter(one -> one.deviceType().equals(deviceType)).toList();
  }

  List<Raid> raids(String deviceType) {
    return raids.stream().filter(one -> one.deviceType().equals(deviceType)).toList();
  }

  Optional<OperatingSystem> system(String deviceType, String osTypeId) {
    return systems(deviceType).stream()
        .filter(one -> one.osTypeId().equals(osTypeId))
        .filter(one -> !withdrawn.contains(osTypeId))
        .findFirst();
  }

  Optional<Raid> raid(String deviceType, String volumeType, String raidTypeId) {
    return raids(deviceType).stream()
        .filter(one -> one.volumeType().equals(volumeType))
        .filter(one -> one.raidTypeId().equals(raidTypeId))
        .findFirst();
  }
}
