package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Session;
import io.torii.server.session.StatementRequest;
import io.torii.server.store.SessionRepository.SessionLimits;
import io.torii.server.store.StatementRepository;
import io.torii.server.store.StatementRepositoryContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlStatementRepositoryTest {
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

    abstract static class OnADatabase extends StatementRepositoryContract {
        private final TestStore store;

        OnADatabase(TestStore store) {
            this.store = store;
        }

        @Override
        protected StatementRepository repository() {
            return new SqlStatementRepository(store.here());
        }

        @Override
        protected StatementRepository otherGateway() {
            return new SqlStatementRepository(store.there());
        }

        @Override
        protected SessionId openSession() {
            SessionId id = SessionId.random();
            answer(new SqlSessionRepository(store.here())
                    .insert(
                            new Session(id, "alice", "10.0.0.1", 9, Map.of(), "", "thrift", Instant.EPOCH),
                            new SessionLimits(0, 0, 0, 0)));
            return id;
        }

        @Override
        protected void leasesLapse() {
            store.execute("UPDATE statement SET lease_until = 0");
        }

        @Test
        void startsNoStatementOfASessionThatWasClosed() {
            StatementId id = StatementId.random(openSession());
            answer(new SqlSessionRepository(store.there()).delete(id.session()));

            CompletableFuture<Void> started = insert(id, "SELECT 1");

            assertThatThrownBy(() -> answer(started))
                    .cause()
                    .isInstanceOf(GatewayException.class)
                    .hasMessage("Session " + id.session() + " was closed before the statement could start")
                    .extracting(failure -> ((GatewayException) failure).code())
                    .isEqualTo(ErrorCode.INVALID_HANDLE);
        }

        private CompletableFuture<Void> insert(StatementId id, String sql) {
            return repository()
                    .insert(id, new StatementRequest(sql, Map.of(), Optional.empty()), "here", Duration.ofMinutes(1));
        }

        static <T> T answer(CompletableFuture<T> future) {
            return future.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
