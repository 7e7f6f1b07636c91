/** Engines on YARN, as the gateway sees them; what speaks to the cluster is an agent, a process of its own. */
package io.torii.engine.yarn;
