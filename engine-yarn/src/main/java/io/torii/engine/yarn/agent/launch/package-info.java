/** What gets an engine started: programs on the cluster's file system, Spark's submission, users' tokens. */
package io.torii.engine.yarn.agent.launch;
