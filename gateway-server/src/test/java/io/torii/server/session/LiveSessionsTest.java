package io.torii.server.session;

import static io.torii.server.session.TestGateway.ALICE;
import static io.torii.server.session.TestGateway.BOB;
import static io.torii.server.session.TestGateway.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.store.FakeSessionRepository;
import io.torii.server.store.SessionRepository.SessionLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveSessionsTest {
    private final FakeTime time = new FakeTime();
    private final FakeSessionRepository repository = new FakeSessionRepository();
    private final LiveSessions sessions = new LiveSessions(repository, time, Duration.ofSeconds(10), 3);

    @Test
    void remembersNoMoreThanItsCapacityAndForgetsTheOneUnusedForLongest() {
        SessionId first = add();
        SessionId second = add();
        add();
        now(sessions.require(first, ALICE));

        add();

        assertThat(sessions.all()).hasSize(3);
        assertThat(sessions.cached(second)).isEmpty();
        assertThat(sessions.cached(first)).isPresent();
        assertThat(now(sessions.require(second, ALICE)).id()).isEqualTo(second);
    }

    @Test
    void forgetsNoSessionWhoseStatementsItHolds() {
        SessionId busy = add();
        sessions.cached(busy)
                .orElseThrow()
                .hold(new GatewayStatement(
                        StatementId.random(busy), new Work.Metadata(new MetadataQuery.Catalogs()), time.instant()));

        for (int other = 0; other < 5; other++) {
            add();
        }

        assertThat(sessions.cached(busy)).isPresent();
        assertThat(sessions.all()).hasSize(3);
    }

    @Test
    void forgetsASessionWhoseStatementsAreAllInTheirEngine() {
        SessionId session = add();
        GatewayStatement statement = waiting(session);
        statement.sent();
        sessions.cached(session).orElseThrow().hold(statement);

        for (int other = 0; other < 3; other++) {
            add();
        }

        assertThat(sessions.cached(session)).isEmpty();
    }

    @Test
    void manySessionsThatCannotBeForgottenDoNotKeepTheOthers() {
        for (int busy = 0; busy < 40; busy++) {
            SessionId session = add();
            sessions.cached(session).orElseThrow().hold(waiting(session));
        }

        for (int other = 0; other < 20; other++) {
            add();
        }

        assertThat(sessions.all()).hasSizeLessThan(45);
    }

    private GatewayStatement waiting(SessionId session) {
        return new GatewayStatement(
                StatementId.random(session), new Work.Metadata(new MetadataQuery.Catalogs()), time.instant());
    }

    @Test
    void asksTheStoreAgainOnlyOnceAWhile() {
        SessionId id = add();
        now(repository.delete(id));

        assertThat(sessions.require(id, ALICE)).isCompleted();
        time.advance(Duration.ofSeconds(11));
        assertThat(sessions.require(id, ALICE)).isCompletedExceptionally();
    }

    @Test
    void goesOnWithWhatItKnowsWhileTheStoreIsAway() {
        SessionId id = add();
        repository.becomesUnavailable();

        time.advance(Duration.ofMinutes(1));

        assertThat(sessions.require(id, ALICE)).isCompleted();
        assertThat(sessions.require(SessionId.random(), ALICE)).isCompletedExceptionally();
    }

    @Test
    void goesOnWithWhatItKnowsWhileTheStoreDoesNotAnswerAndAsksItOnce() {
        SessionId id = add();
        repository.becomesSilent();
        time.advance(Duration.ofMinutes(1));
        int finds = repository.finds();

        CompletableFuture<LiveSession> first = sessions.require(id, ALICE);
        CompletableFuture<LiveSession> second = sessions.require(id, ALICE);

        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
        assertThat(second).succeedsWithin(Duration.ofSeconds(10));
        assertThat(sessions.require(id, BOB)).failsWithin(Duration.ofSeconds(10));
        assertThat(repository.finds()).isEqualTo(finds + 1);
    }

    private SessionId add() {
        Session session = new Session(SessionId.random(), "alice", "10.0.0.1", 9, Map.of(), "", "test", time.instant());
        now(repository.insert(session, new SessionLimits(0, 0, 0, 0)));
        return sessions.add(session, List.of()).id();
    }
}
