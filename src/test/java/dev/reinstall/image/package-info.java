/** Tests of the container image: built, run, and run by a kubelet. They need root. */
package dev.reinstall.image;
