/** Explores everything that can happen to the production reconciliation within bounds. */
package dev.reinstall.exploration;
