/** What a gateway and its agents say to each other, as lines of JSON over the agent's standard input and output. */
package io.torii.engine.yarn.message;
