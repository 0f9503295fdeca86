package dev.reinstall.kubernetes;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the lanes share.
 *
 * @param poll in nanoseconds, as are slow and use
 * @param later runs something after a while
 */
record LaneSurroundings(
    Object lock,
    Consumer<ResourceID> wake,
    long poll,
    long slow,
    long use,
    LongSupplier nanos,
    Executor calls,
    BiConsumer<Duration, Runnable> later) {}
