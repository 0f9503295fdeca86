/** Shows the operator on simulated clouds, in half a minute. */
package dev.reinstall.demo;
