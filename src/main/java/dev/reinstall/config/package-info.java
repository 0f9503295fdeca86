/** All settings of the operator, read from the environment and validated. */
package dev.reinstall.config;
