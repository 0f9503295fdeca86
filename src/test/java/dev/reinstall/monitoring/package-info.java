/** Checks of what deploy/monitoring ships: alert rules and dashboard. */
package dev.reinstall.monitoring;
