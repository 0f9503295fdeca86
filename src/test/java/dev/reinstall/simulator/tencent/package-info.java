/**
 * The simulated Tencent Cloud: CVM with ResetInstanceParameters, which knows no idempotency token.
 */
package dev.reinstall.simulator.tencent;
