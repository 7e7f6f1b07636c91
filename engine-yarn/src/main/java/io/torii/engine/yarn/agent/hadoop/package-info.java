/** How the agent speaks to Hadoop: who it is there, how long it waits, and what failures mean. */
package io.torii.engine.yarn.agent.hadoop;
