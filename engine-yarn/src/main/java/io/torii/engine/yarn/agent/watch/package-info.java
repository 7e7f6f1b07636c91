/** What the cluster runs and has: applications by their tags, drivers' logs, room and queues. */
package io.torii.engine.yarn.agent.watch;
