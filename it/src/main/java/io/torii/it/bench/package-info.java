/** Measures the gateway against what is behind it; never a test. */
package io.torii.it.bench;
