package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.Session;
import io.torii.server.session.StatementRequest;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.SessionLimits;
import io.torii.server.store.SessionRepositoryContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlSessionRepositoryTest {
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

    abstract static class OnADatabase extends SessionRepositoryContract {
        private final TestStore store;

        OnADatabase(TestStore store) {
            this.store = store;
        }

        @Override
        protected SessionRepository repository() {
            return new SqlSessionRepository(store.here());
        }

        @Override
        protected SessionRepository otherGateway() {
            return new SqlSessionRepository(store.there());
        }

        @Test
        void deletesWhatBelongsToASessionWithIt() {
            SessionId id = open("alice");
            StatementRequest request = new StatementRequest("SELECT 1", Map.of(), Optional.empty());
            answer(repository().appendJournal(StatementId.random(id), "USE sales"));
            answer(new SqlStatementRepository(store.here())
                    .insert(StatementId.random(id), request, "here", Duration.ofMinutes(1)));

            answer(repository().delete(id));

            assertThat(store.contentOf("session_journal")).isEmpty();
            assertThat(store.contentOf("statement")).isEmpty();
        }

        @Test
        void aSessionIsNotNewWhileAStatementOfItWaits() {
            SessionId id = open("alice");
            StatementId waits = StatementId.random(id);
            SqlStatementRepository statements = new SqlStatementRepository(store.there());
            answer(statements.insert(
                    waits, new StatementRequest("SELECT 1", Map.of(), Optional.empty()), "dead", Duration.ZERO));

            assertThat(answer(repository().bindNew(id, Map.of(), LaunchTag.random())))
                    .isFalse();

            answer(statements.finish(waits, StatementState.CANCELED, Optional.empty()));
            assertThat(answer(repository().bindNew(id, Map.of(), LaunchTag.random())))
                    .isTrue();
        }

        @Test
        void saysThatATextIsTooLongInsteadOfThatTheStoreIsAway() {
            CompletableFuture<Void> opened =
                    repository().insert(session("x".repeat(257)), new SessionLimits(0, 0, 0, 0));

            assertThatThrownBy(() -> answer(opened))
                    .cause()
                    .isInstanceOf(GatewayException.class)
                    .extracting(failure -> ((GatewayException) failure).code())
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        private SessionId open(String user) {
            Session session = session(user);
            answer(repository().insert(session, new SessionLimits(0, 0, 0, 0)));
            return session.id();
        }

        private static Session session(String user) {
            return new Session(SessionId.random(), user, "10.0.0.1", 9, Map.of(), "", "thrift", Instant.EPOCH);
        }

        private static <T> T answer(CompletableFuture<T> future) {
            return future.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
