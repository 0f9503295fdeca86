/** What the operator does, shown in half a minute on simulated clouds. */
package dev.reinstall.demo;
