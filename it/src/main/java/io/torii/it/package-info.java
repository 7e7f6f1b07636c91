/** Whole worlds for system tests and benchmarks: gateways, engines and the clients of other people. */
package io.torii.it;
