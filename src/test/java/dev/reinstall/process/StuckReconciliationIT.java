package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ClassType;
import com.sun.jdi.Location;
import com.sun.jdi.LongValue;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A reconciliation of the built jar that never ends, because a debugger holds its thread. The
 * debugger also moves its start back by half an hour, so that nobody needs to wait for it.
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
      breakpoint(jvm);

      site.tencent.newServer("ins-stuck001");
      site.tencent.newServer("ins-stuck002");
      site.apply(TestCluster.tencentRequest("stuck", "ins-stuck001", ""));
      moveStartBack(jvm, awaitBreakpoint(jvm), Duration.ofMinutes(30));
      site.apply(TestCluster.tencentRequest("other", "ins-stuck002", ""));

      site.await(
          "/livez to name it",
          () ->
              HealthProbe.get(port, "/livez")
                  .equals(
                      "503 the reconciliation of "
                          + site.namespace
                          + "/stuck has not ended for 15m36s"));
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

  /** Holds the next thread that comes there, and no other. */
  private static void breakpoint(VirtualMachine jvm) {
    ReferenceType type = jvm.classesByName(PACKAGE + "ReinstallReconciler").get(0);
    Location start = type.methodsByName("run").get(0).location();
    BreakpointRequest request = jvm.eventRequestManager().createBreakpointRequest(start);
    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    request.addCountFilter(1);
    request.enable();
  }

  private static ThreadReference awaitBreakpoint(VirtualMachine jvm) throws InterruptedException {
    while (true) {
      for (Event event : jvm.eventQueue().remove(60_000)) {
        if (event instanceof BreakpointEvent hit) {
          return hit.thread();
        }
      }
    }
  }

  /** Replaces what the process knows of the reconciliation that is held. */
  private static void moveStartBack(VirtualMachine jvm, ThreadReference held, Duration time)
      throws Exception {
    ReferenceType type = jvm.classesByName(PACKAGE + "RunningReconciliations").get(0);
    ObjectReference running = type.instances(1).get(0);
    ObjectReference started = (ObjectReference) running.getValue(type.fieldByName("started"));
    StackFrame caller = held.frame(1);
    Value id = caller.getValue(caller.visibleVariableByName("id"));
    ClassType number = (ClassType) jvm.classesByName("java.lang.Long").get(0);

    ObjectReference start =
        (ObjectReference)
            invoke(started, held, "get", "(Ljava/lang/Object;)Ljava/lang/Object;", id);
    long nanos = ((LongValue) start.getValue(number.fieldByName("value"))).value();
    Value earlier =
        number.invokeMethod(
            held,
            number.concreteMethodByName("valueOf", "(J)Ljava/lang/Long;"),
            List.of(jvm.mirrorOf(nanos - time.toNanos())),
            ObjectReference.INVOKE_SINGLE_THREADED);
    ((ObjectReference) earlier).disableCollection();
    invoke(
        started,
        held,
        "put",
        "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
        id,
        earlier);
  }

  private static Value invoke(
      ObjectReference object, ThreadReference thread, String name, String type, Value... arguments)
      throws Exception {
    Method method = ((ClassType) object.referenceType()).concreteMethodByName(name, type);
    return object.invokeMethod(
        thread, method, List.of(arguments), ObjectReference.INVOKE_SINGLE_THREADED);
  }
}
