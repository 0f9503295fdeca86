package dev.reinstall.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Every call in the order of arrival. */
final class CallLog {
  private final List<RecordedCall> calls = new ArrayList<>();

  synchronized RecordedCall add(IntFunction<RecordedCall> numbered) {
    RecordedCall call = numbered.apply(calls.size() + 1);
    calls.add(call);
    return call;
  }

  synchronized RecordedCall amend(int number, UnaryOperator<RecordedCall> change) {
    RecordedCall amended = change.apply(calls.get(number - 1));
    calls.set(number - 1, amended);
    return amended;
  }

  synchronized List<RecordedCall> all() {
    return List.copyOf(calls);
  }

  synchronized int count(String action) {
    return (int) calls.stream().filter(call -> call.action().equals(action)).count();
  }

  synchronized int count(String action, String server) {
    return count(action, server, calls.size());
  }

  /** How often a server received this action, up to and including the call of that number. */
  synchronized int count(String action, String server, int number) {
    return (int)
        calls.stream()
            .limit(number)
            .filter(call -> call.action().equals(action))
            .filter(call -> call.asked().servers().contains(server))
            .count();
  }
}
