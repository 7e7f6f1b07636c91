package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlDutiesTest {
    @Nested
    class OnH2 extends OnADatabase {
        @RegisterExtension
        static final TestStore STORE = TestStore.onH2();

        OnH2() {
            super(STORE);
        }
    }

    @Nested
    class OnPostgres extends OnADatabase {
        @RegisterExtension
        static final TestStore STORE = TestStore.onPostgres();

        OnPostgres() {
            super(STORE);
        }
    }

    abstract static class OnADatabase {
        private final TestStore store;

        OnADatabase(TestStore store) {
            this.store = store;
        }

        @BeforeEach
        void empty() {
            store.execute("DELETE FROM duty");
        }

        @Test
        void oneGatewayHasADutyUntilItsLeaseIsOver() {
            SqlDuties here = new SqlDuties(store.here());
            SqlDuties there = new SqlDuties(store.there());

            assertThat(here.hold("orphans", "a", Duration.ofHours(1)).join()).isTrue();
            assertThat(there.hold("orphans", "b", Duration.ofHours(1)).join()).isFalse();
            assertThat(here.hold("orphans", "a", Duration.ofMillis(-1)).join()).isTrue();
            assertThat(there.hold("orphans", "b", Duration.ofHours(1)).join()).isTrue();
            assertThat(here.hold("orphans", "a", Duration.ofHours(1)).join()).isFalse();
        }

        @Test
        void dutiesAreApart() {
            SqlDuties here = new SqlDuties(store.here());
            SqlDuties there = new SqlDuties(store.there());

            assertThat(here.hold("orphans", "a", Duration.ofHours(1)).join()).isTrue();
            assertThat(there.hold("history", "b", Duration.ofHours(1)).join()).isTrue();
        }
    }
}
