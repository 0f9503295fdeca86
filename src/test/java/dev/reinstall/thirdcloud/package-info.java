/** A made-up third cloud: what one needs, and that the core needs no change for it. */
package dev.reinstall.thirdcloud;
