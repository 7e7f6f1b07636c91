package io.torii.server.audit;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A statement in a flight recording, from its submission to its end. */
@Name("io.torii.Statement")
@Label("Statement")
@Category("Torii")
@Description("A statement, from its submission to its end as this gateway saw it")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the flight recorder reads the fields
final class StatementEvent extends Event {
    @Label("Statement")
    private String statement;

    @Label("Session")
    private String session;

    @Label("State")
    private String state;

    void ended(Trace trace, String endState) {
        end();
        if (shouldCommit()) {
            statement = trace.id().toString();
            session = trace.id().session().toString();
            state = endState;
            commit();
        }
    }
}
