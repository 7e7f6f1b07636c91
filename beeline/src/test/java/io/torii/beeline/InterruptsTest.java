package io.torii.beeline;

import static io.torii.beeline.Interrupts.Meaning.CANCEL;
import static io.torii.beeline.Interrupts.Meaning.LEAVE;
import static io.torii.beeline.Interrupts.Meaning.LEAVE_NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptsTest {
    private final List<String> cancelled = new ArrayList<>();
    private final Interrupts interrupts = new Interrupts();

    @Test
    void leavesWhereNothingRuns() {
        assertThat(interrupts.next()).isEqualTo(LEAVE);
    }

    @Test
    void cancelsWhatRuns() throws SQLException {
        interrupts.running(statement("first", false));
        interrupts.running(statement("second", false));

        assertThat(interrupts.next()).isEqualTo(CANCEL);
        interrupts.cancel();
        assertThat(cancelled).containsExactly("second");
    }

    @Test
    void leavesIfTheSameStatementIsInterruptedOnceMore() {
        interrupts.running(statement("stubborn", false));

        assertThat(interrupts.next()).isEqualTo(CANCEL);
        assertThat(interrupts.next()).isEqualTo(LEAVE);
        assertThat(interrupts.next()).isEqualTo(LEAVE_NOW);
    }

    @Test
    void cancelsTheNextStatementToo() {
        interrupts.running(statement("first", false));
        assertThat(interrupts.next()).isEqualTo(CANCEL);

        interrupts.running(statement("second", false));

        assertThat(interrupts.next()).isEqualTo(CANCEL);
    }

    @Test
    void leavesWhenTheStatementIsOver() {
        interrupts.running(statement("done", true));

        assertThat(interrupts.next()).isEqualTo(LEAVE);
    }

    private Statement statement(String name, boolean closed) {
        return (Statement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("cancel")) {
                        cancelled.add(name);
                        return null;
                    }
                    return method.getName().equals("isClosed") ? closed : proxy == arguments[0];
                });
    }
}
