/** HTTP/1.1 over a plain socket, so that every misbehaviour of a network can be played. */
package dev.reinstall.simulator.wire;
