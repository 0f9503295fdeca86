package dev.reinstall.lifecycle;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.CachedObservation;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudErrorKind;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One process of the operator: its memory, its caches and its clock; what a crash takes. */
final class Replica {
  private final String name;
  private final MemoryCluster cluster;
  private Duration skew;
  private final Map<String, Long> known = new HashMap<>();
  private final Set<String> abandoned = new HashSet<>();
  private final Map<String, Integer> versionsSeen = new HashMap<>();
  private int booksSeen;

  Replica(String name, MemoryCluster cluster, Duration skew) {
    this.name = name;
    this.cluster = cluster;
    this.skew = skew;
    booksSeen = cluster.books().size() - 1;
  }

  /** One pass of this process over one order. */
  Optional<Duration> pass(String place) {
    cluster.happenings.passes++;
    cluster.tell(() -> name + " begins a pass over " + place);
    Optional<Duration> next = new Pass(new Window(place), cluster.timing).run();
    cluster.tell(() -> name + " ends its pass over " + place + ", comes back in " + next);
    return next;
  }

  /** Dies and starts again: all that it knew is forgotten, its caches are filled anew. */
  void restart(Duration newSkew) {
    known.clear();
    abandoned.clear();
    versionsSeen.clear();
    booksSeen = cluster.books().size() - 1;
    skew = newSkew;
  }

  @Override
  public String toString() {
    return name;
  }

  /** The world as one pass of this process sees it. */
  private final class Window implements World {
    private final String place;
    private String claim;

    Window(String place) {
      this.place = place;
    }

    private void meet(Call call) {
      cluster.weather.before(Replica.this, call);
    }

    @Override
    public Instant now() {
      meet(Call.NOW);
      return clock();
    }

    private Instant clock() {
      return cluster.trueTime().plus(skew);
    }

    @Override
    public Duration uptime() {
      meet(Call.UPTIME);
      return Duration.ofMillis(cluster.millis());
    }

    @Override
    public Duration knownFor(String fact) {
      return Duration.ofMillis(
          cluster.millis() - known.computeIfAbsent(fact, f -> cluster.millis()));
    }

    @Override
    public String newClaim() {
      meet(Call.NEW_CLAIM);
      claim = cluster.newClaim();
      return claim;
    }

    @Override
    public void abandon(String unsent) {
      abandoned.add(unsent);
    }

    @Override
    public boolean isAbandoned(String unsent) {
      return abandoned.contains(unsent);
    }

    @Override
    public Optional<Reinstall> order() {
      meet(Call.ORDER);
      List<Optional<Reinstall>> versions = cluster.versions(place);
      if (versions.isEmpty()) {
        return Optional.empty();
      }
      int last = versions.size() - 1;
      int seen = Math.min(last, versionsSeen.getOrDefault(place, last));
      seen += cluster.weather.versionsSeen(Replica.this, Call.ORDER, last - seen);
      versionsSeen.put(place, seen);
      if (seen < last) {
        int behind = last - seen;
        cluster.happenings.count("stale orders");
        cluster.tell(() -> name + " sees " + place + " as it was " + behind + " versions ago");
      }
      return versions.get(seen);
    }

    @Override
    public Optional<Reinstall> orderNow() {
      meet(Call.ORDER_NOW);
      return cluster.now(place);
    }

    @Override
    public Reinstall show(Reinstall copy, View view) throws Conflict {
      meet(Call.SHOW);
      return isTold(copy, view) ? copy : write(copy, MemoryCluster.status(copy, view), Call.SHOW);
    }

    @Override
    public boolean isTold(Reinstall copy, View view) {
      return isSaid(MemoryCluster.status(copy, view), copy.getStatus());
    }

    /** What was seen of the server is volatile: nothing is written for its sake. */
    private static boolean isSaid(ReinstallStatus next, ReinstallStatus before) {
      return before != null
          && new ReinstallStatus(
                  next.observedGeneration(),
                  next.phase(),
                  next.reason(),
                  next.message(),
                  next.requestId(),
                  before.server(),
                  next.submitTime(),
                  next.completionTime(),
                  next.conditions())
              .equals(before);
    }

    @Override
    public Reinstall declare(Reinstall copy, View view) throws Conflict {
      meet(Call.DECLARE);
      return write(copy, MemoryCluster.status(copy, view), Call.DECLARE);
    }

    private Reinstall write(Reinstall copy, ReinstallStatus status, Call call) throws Conflict {
      Weather.Loss loss = cluster.weather.loss(call);
      if (loss == Weather.Loss.WRITE) {
        cluster.tell(() -> name + " does not get a status write through");
        throw new Conflict("unclear");
      }
      Reinstall written = cluster.writeStatus(Replica.this, copy, status);
      if (call == Call.DECLARE) {
        cluster.promises.declared(copy, claim, clock());
      }
      if (loss == Weather.Loss.ANSWER) {
        cluster.happenings.count("lost answers to status writes");
        cluster.tell(() -> name + " does not hear that the status was written");
        throw new Conflict("unclear");
      }
      return written;
    }

    @Override
    public Reinstall acknowledge(Reinstall copy) {
      meet(Call.ACKNOWLEDGE);
      return copy;
    }

    @Override
    public boolean isGone(Owner owner) {
      return cluster.isGone(owner);
    }

    @Override
    public Ledger book(Server server) {
      meet(Call.BOOK);
      int last = cluster.books().size() - 1;
      booksSeen += cluster.weather.versionsSeen(Replica.this, Call.BOOK, last - booksSeen);
      if (booksSeen < last) {
        int behind = last - booksSeen;
        cluster.happenings.count("stale ledgers");
        cluster.tell(() -> name + " sees the ledger as it was " + behind + " versions ago");
      }
      return cluster.books().get(booksSeen);
    }

    @Override
    public Ledger bookNow(Server server) {
      meet(Call.BOOK_NOW);
      return cluster.book();
    }

    @Override
    public Ledger write(Ledger ledger) throws Conflict {
      meet(Call.WRITE);
      Weather.Loss loss = cluster.weather.loss(Call.WRITE);
      if (loss == Weather.Loss.WRITE) {
        cluster.tell(() -> name + " does not get a ledger write through");
        throw new Conflict("unclear");
      }
      Ledger written = cluster.writeBook(Replica.this, ledger);
      if (loss == Weather.Loss.ANSWER) {
        cluster.happenings.count("lost answers to ledger writes");
        cluster.tell(() -> name + " does not hear that the ledger was written");
        throw new Conflict("unclear");
      }
      return written;
    }

    @Override
    public Ledger claim(Ledger ledger) throws Conflict, ClaimRefused {
      if (cluster.claimsRefused) {
        throw new ClaimRefused(Reason.UnsupportedField, "the CRDs are older");
      }
      return write(ledger);
    }

    @Override
    public Credentials account(Reinstall reinstall, List<String> keys) throws MissingSecret {
      meet(Call.ACCOUNT);
      return cluster.credentials;
    }

    @Override
    public Secrets secrets(Reinstall reinstall, List<SecretKeyRef> keys) throws MissingSecret {
      meet(Call.SECRETS);
      if (!cluster.secretsThere) {
        throw new MissingSecret("the Secret login is missing");
      }
      return new Secrets(
          Map.of(Orders.LOGIN, MemoryCluster.PASSWORD),
          Map.of("login", String.valueOf(cluster.secretsVersion)));
    }

    @Override
    public Cloud cloud(CloudName which) {
      return cluster.line == null ? new Line() : cluster.line;
    }

    /** The line to the cloud. */
    private final class Line implements Cloud {

      @Override
      public CloudCapabilities capabilities() {
        return cluster.cloud.capabilities;
      }

      @Override
      public List<String> credentialKeys() {
        return List.of("key");
      }

      @Override
      public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
        return List.of(Orders.LOGIN);
      }

      @Override
      public Optional<String> validateSpec(ReinstallSpec spec) {
        return "img-unsound".equals(Orders.image(spec))
            ? Optional.of("tencentCloud.imageId is unsound")
            : Optional.empty();
      }

      @Override
      public Optional<String> validateAgainst(ReinstallSpec spec, Observation observation) {
        return "img-unfit".equals(Orders.image(spec))
            ? Optional.of("the image does not fit")
            : Optional.empty();
      }

      @Override
      public Optional<String> validateSecrets(
          ReinstallSpec spec, Map<SecretKeyRef, String> secrets) {
        return Optional.empty();
      }

      @Override
      public Map<String, String> expectedInstallation(ReinstallSpec spec) {
        String image = Orders.image(spec);
        return image == null ? Map.of() : Map.of(cluster.cloud.imageField(), image);
      }

      @Override
      public Observation describe(Credentials credentials, Server server) throws CloudException {
        meet(Call.LOOK);
        return cluster.cloud.look(cluster.weather.sky(), Duration.ZERO);
      }

      @Override
      public CachedObservation describeCached(Credentials credentials, Server server)
          throws CloudException {
        Duration age = cluster.weather.glanceAge();
        if (age.isZero()) {
          return new CachedObservation(describe(credentials, server), true);
        }
        cluster.happenings.count("kept glances");
        cluster.tell(() -> Replica.this.name + " glances at what was seen " + age + " ago");
        return new CachedObservation(cluster.cloud.look(Weather.Sky.CLEAR, age), false);
      }

      @Override
      public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers) {
        throw new AssertionError("a pass looks at one server");
      }

      @Override
      public void acquirePermit(Credentials credentials) throws CloudException {
        meet(Call.RESERVE);
        if (cluster.weather.isTurnRefused()) {
          cluster.happenings.count("refused turns");
          cluster.tell(() -> Replica.this.name + " gets no turn to send");
          throw CloudException.rejected(
              CloudErrorKind.THROTTLED, "a pause", null, Duration.ofSeconds(30));
        }
      }

      @Override
      public Optional<CloudResponse> stop(Credentials credentials, PowerRequest request)
          throws CloudException {
        meet(Call.STOP);
        return cluster.cloud.stop(orderName(), claim, request, cluster.weather);
      }

      @Override
      public CloudResponse start(Credentials credentials, PowerRequest request)
          throws CloudException {
        meet(Call.START);
        return cluster.cloud.start(orderName(), claim, request, cluster.weather);
      }

      private String orderName() {
        return place.substring(place.indexOf('/') + 1);
      }

      @Override
      public CloudResponse reinstall(Credentials credentials, ReinstallRequest request)
          throws CloudException {
        meet(Call.SEND);
        try {
          return cluster.cloud.order(orderName(), claim, request, cluster.weather);
        } finally {
          meet(Call.ANSWER);
        }
      }
    }
  }
}
