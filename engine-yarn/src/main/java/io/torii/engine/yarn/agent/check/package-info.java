/** What the doctor asks the cluster. */
package io.torii.engine.yarn.agent.check;
