/** Engines as the gateway sees them: the pool that finds or launches one, and the channel to it. */
package io.torii.server.engine;
