package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.cloud.CloudCalls;
import java.time.Duration;
import java.util.Map;

/**
 * What all reconciliations share.
 *
 * @param requireServerGrant whether a server that belongs to no namespace is reinstalled for no one
 */
record SharedParts(
    SecretReader secrets,
    PauseWatch pause,
    EventRecorder events,
    ProcessState processState,
    Map<CloudName, CloudCalls> clouds,
    OperatorMetrics metrics,
    Transitions transitions,
    ServerPoller poller,
    CatalogueCache catalogues,
    NodeCache nodes,
    SubmissionSlots slots,
    Duration pollInterval,
    boolean requireServerGrant) {}
