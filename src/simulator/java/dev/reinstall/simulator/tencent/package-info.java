/** The simulated Tencent Cloud: CVM with ResetInstance, which has no idempotency token. */
package dev.reinstall.simulator.tencent;
