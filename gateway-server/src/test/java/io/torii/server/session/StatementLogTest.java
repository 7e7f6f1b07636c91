package io.torii.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementLogTest {
    private final StatementLog log = new StatementLog();

    @Test
    void goesOnWhereTheClientHasReadToHoweverMuchItAsksFor() {
        log.add("one");
        log.add("two");
        log.add("three");

        assertThat(log.next(1)).containsExactly("one");
        assertThat(log.next(Long.MAX_VALUE)).containsExactly("two", "three");
        assertThat(log.next(Long.MAX_VALUE)).isEmpty();
    }
}
