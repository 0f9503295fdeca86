/** HTTP/1.1 over a plain socket, so that every network fault can be simulated. */
package dev.reinstall.simulator.wire;
