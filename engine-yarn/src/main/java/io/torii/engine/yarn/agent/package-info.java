/**
 * The agent: a process beside the gateway that speaks to one YARN cluster for it, with the jars of a Spark home. A process,
 * because Hadoop's configuration, its login and Spark's submission are of a whole virtual machine.
 */
package io.torii.engine.yarn.agent;
