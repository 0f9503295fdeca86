package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallStatus.Plan;
import dev.reinstall.cloud.Finding;
import java.util.List;
import java.util.Optional;

/**
 * The check of a request before anything is touched.
 *
 * @param findings all that was found
 * @param complete whether everything that is to be checked could be read
 * @param plan what the request will do; empty: the server was not described
 */
public record Check(List<Finding> findings, boolean complete, Optional<Plan> plan) {}
