/** What the gateway counts and times, for Prometheus. */
package io.torii.server.metrics;
