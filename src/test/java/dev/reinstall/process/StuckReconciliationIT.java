package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A reconciliation of the built jar that never ends, because a debugger holds its thread. The
 * debugger also sets the time after which it counts as stuck to one second: it cannot be less than
 * a quarter of an hour.
 */
@Tag("deep")
@NeedsControlPlane
class StuckReconciliationIT {
  private static final String PACKAGE = "dev.reinstall.kubernetes.";

  @Test
  void liveness_names_it_and_a_restart_carries_out_the_request_once() throws Exception {
    int port = FreePorts.free();
    int debugger = FreePorts.free();
    try (TestCluster site = new TestCluster()) {
      site.with("REINSTALL_HTTP_PORT", Integer.toString(port));
      OperatorProcess operator =
          site.startOperator(
              site.rights(),
              "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                  + debugger);
      site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
      VirtualMachine jvm = attach(debugger);
      setLimit(jvm, Duration.ofSeconds(1));
      breakpoint(jvm);

      site.tencent.newServer("ins-stuck001");
      site.tencent.newServer("ins-stuck002");
      site.apply(TestCluster.tencentRequest("stuck", "ins-stuck001", ""));
      awaitBreakpoint(jvm);
      site.apply(TestCluster.tencentRequest("other", "ins-stuck002", ""));

      site.await(
          "/livez to name it",
          () ->
              HealthProbe.get(port, "/livez")
                  .equals(
                      "503 the reconciliation of "
                          + site.namespace
                          + "/stuck has not ended for 1s"));
      site.awaitFinished("other"); // the other threads go on
      assertThat(HealthProbe.get(port, "/readyz")).isEqualTo("200 ok");
      assertThat(site.phase("stuck")).isEmpty();

      operator.kill(); // as the kubelet does
      site.startOperator();
      site.awaitFinished("stuck");
      assertThat(HealthProbe.get(port, "/livez")).isEqualTo("200 ok");
      assertThat(site.tencent.wipes("ins-stuck001")).isEqualTo(1);
      assertThat(site.tencent.wipes("ins-stuck002")).isEqualTo(1);
    }
  }

  private static VirtualMachine attach(int port) throws Exception {
    AttachingConnector socket =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(connector -> connector.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = socket.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(Integer.toString(port));
    return socket.attach(arguments);
  }

  private static void setLimit(VirtualMachine jvm, Duration limit) throws Exception {
    ReferenceType type = jvm.classesByName(PACKAGE + "RunningReconciliations").get(0);
    ObjectReference monitor = type.instances(1).get(0);
    monitor.setValue(type.fieldByName("limit"), jvm.mirrorOf(limit.toNanos()));
  }

  /** Holds the next thread that comes there, and no other. */
  private static void breakpoint(VirtualMachine jvm) {
    ReferenceType type = jvm.classesByName(PACKAGE + "ReinstallReconciler").get(0);
    Location start = type.methodsByName("run").get(0).location();
    BreakpointRequest request = jvm.eventRequestManager().createBreakpointRequest(start);
    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    request.addCountFilter(1);
    request.enable();
  }

  private static void awaitBreakpoint(VirtualMachine jvm) throws InterruptedException {
    while (jvm.eventQueue().remove(60_000).stream()
        .noneMatch(event -> event instanceof BreakpointEvent)) {
      // others, such as the start of a thread
    }
  }
}
