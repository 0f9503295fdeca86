/** Tests of the container image: built, run, run by a kubelet, and released. They need root. */
package dev.reinstall.image;
