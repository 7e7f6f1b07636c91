package io.torii.engine.yarn.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/** What an agent can be asked for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "call")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AgentCall.Submit.class, name = "submit"),
    @JsonSubTypes.Type(value = AgentCall.Find.class, name = "find"),
    @JsonSubTypes.Type(value = AgentCall.Live.class, name = "live"),
    @JsonSubTypes.Type(value = AgentCall.Log.class, name = "log"),
    @JsonSubTypes.Type(value = AgentCall.Kill.class, name = "kill"),
    @JsonSubTypes.Type(value = AgentCall.Load.class, name = "load"),
    @JsonSubTypes.Type(value = AgentCall.Check.class, name = "check"),
    @JsonSubTypes.Type(value = AgentCall.Issue.class, name = "issue")
})
public sealed interface AgentCall {
    /**
     * Submits an engine; answered with its {@link ApplicationRow}.
     *
     * @param user whom it runs as; empty for the agent's own user
     * @param spark the settings of {@code spark-submit}
     * @param launchFile what the engine is told of its launch
     */
    record Submit(String tag, String user, Map<String, String> spark, Map<String, String> launchFile)
            implements AgentCall {
        /** Without what is secret. */
        @Override
        public String toString() {
            return "Submit[" + tag + " for " + user + "]";
        }
    }

    /** The application with this tag, alive or not; answered with {@link ApplicationRows}, at most one. */
    record Find(String tag) implements AgentCall {}

    /** All applications of this deployment that have not ended; answered with {@link ApplicationRows}. */
    record Live() implements AgentCall {}

    /** The end of what the application's driver has written; answered with a {@link Text}. */
    record Log(String tag, int maxLines) implements AgentCall {}

    /** Kills the application with this tag, if it is alive; answered with {@link ApplicationRows} as they were before. */
    record Kill(String tag) implements AgentCall {}

    /** What the cluster has and uses; answered with {@link Figures}. */
    record Load() implements AgentCall {}

    /**
     * Looks whether engines could run, and changes nothing; answered with {@link Findings}, one for each {@link Subject}.
     *
     * @param user for whom the agent tries to act; empty if engines run as the agent's own user
     * @param named whether an administrator has named that user, so that what he may not is wrong and not only odd
     * @param queue where engines go
     * @param spark the settings of every engine
     */
    record Check(String user, boolean named, String queue, Map<String, String> spark) implements AgentCall {
        /** Without what is secret. */
        @Override
        public String toString() {
            return "Check[for " + user + "]";
        }
    }

    /**
     * Fresh delegation tokens for a user; answered with {@link Tokens}.
     *
     * @param spark the settings of the engine that they are for, which may name further file systems
     */
    record Issue(String user, Map<String, String> spark) implements AgentCall {
        /** Without the settings, which may be secret. */
        @Override
        public String toString() {
            return "Issue[for " + user + "]";
        }
    }
}
