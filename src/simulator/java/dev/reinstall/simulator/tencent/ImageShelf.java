package dev.reinstall.simulator.tencent;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The images that can be installed, in every region. */
public final class ImageShelf {
  private final Map<String, TencentImage> images = new ConcurrentHashMap<>();
  private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

  ImageShelf() {
    add(TencentImage.linux("img-pmqg1cw7", "CentOS 7.9 64bit", "CentOS"));
    add(TencentImage.linux("img-ubuntu22", "Ubuntu Server 22.04 LTS 64bit", "Ubuntu"));
    add(TencentImage.windows("img-windows1", "Windows Server 2022 64bit"));
    add(TencentImage.linux("img-private1", "Our Debian 12", "Debian").ofType("PRIVATE_IMAGE"));
    for (String id : List.of("img-nosuch00", "img-unknown0", "img-unknown1")) {
      withdraw(TencentImage.linux(id, "Withdrawn", "Debian"));
    }
  }

  /** The list still has it, but no server is reset to it any more. */
  public ImageShelf withdraw(TencentImage image) {
    withdrawn.add(image.id());
    return add(image);
  }

  /** Adds it, replacing one with the same id. */
  public ImageShelf add(TencentImage image) {
    images.put(image.id(), image);
    return this;
  }

  public ImageShelf remove(String id) {
    images.remove(id);
    return this;
  }

  public List<TencentImage> all() {
    return List.copyOf(images.values());
  }

  /** The image, or the cloud's rejection. */
  public TencentImage get(String id) {
    return Optional.ofNullable(images.get(checkId(id)))
        .filter(image -> !withdrawn.contains(id))
        .orElseThrow(() -> new TencentRefusal("InvalidImageId.NotFound", "There is no " + id));
  }

  /** The id, or the cloud's rejection. */
  static String checkId(String id) {
    if (!id.matches("img-[a-z0-9]{8}")) {
      throw new TencentRefusal("InvalidImageId.Malformed", id + " is no image id.");
    }
    return id;
  }
}
