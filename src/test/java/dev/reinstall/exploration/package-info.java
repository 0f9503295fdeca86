/** Everything that may happen to the shipped pass within bounds, one thing after the other. */
package dev.reinstall.exploration;
