package io.torii.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Session;
import io.torii.server.store.SessionRepository.SessionLimits;
import io.torii.server.store.SessionRepository.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link SessionRepository} promises. A repository's own test extends this; each test finds it empty. */
public abstract class SessionRepositoryContract {
    private static final Instant OPENED = Instant.parse("2026-01-01T12:00:00.123Z");
    private static final SessionLimits NO_LIMITS = new SessionLimits(0, 0, 0, 0);
    private static final String HERE = "10.0.0.1";
    private static final String ELSEWHERE = "10.0.0.2";

    protected abstract SessionRepository repository();

    /** The same repository, as another gateway sees it. */
    protected abstract SessionRepository otherGateway();

    @Test
    void knowsWhatItWasTold() {
        Session session = new Session(
                SessionId.random(), "alice", HERE, 9, Map.of("spark.a", "1", "b", ""), "sales", "thrift", OPENED);

        answer(repository().insert(session, NO_LIMITS));

        StoredSession expected = new StoredSession(session, OPENED, Optional.empty(), "");
        assertThat(answer(repository().find(session.id()))).contains(expected);
        assertThat(answer(otherGateway().find(session.id()))).contains(expected);
    }

    @Test
    void knowsWhoHasOpenedASessionForAnother() {
        Session session =
                new Session(SessionId.random(), "alice", "hue", HERE, 9, Map.of(), "default", "thrift", OPENED);

        answer(repository().insert(session, NO_LIMITS));

        assertThat(answer(otherGateway().find(session.id())))
                .map(StoredSession::session)
                .contains(session);
        assertThat(answer(otherGateway().delete(session.id())))
                .map(StoredSession::session)
                .contains(session);
    }

    @Test
    void doesNotKnowWhatItWasNotTold() {
        assertThat(answer(repository().find(SessionId.random()))).isEmpty();
    }

    @Test
    void countsSessions() {
        open("alice", HERE);
        open("bob", HERE);

        assertThat(answer(otherGateway().count())).isEqualTo(2);
    }

    @Test
    void refusesAUserMoreSessionsThanAllowed() {
        SessionLimits limits = new SessionLimits(2, 0, 0, 0);
        answer(repository().insert(session("alice", HERE), limits));
        answer(otherGateway().insert(session("alice", ELSEWHERE), limits));

        assertThatThrownBy(() -> answer(repository().insert(session("alice", HERE), limits)))
                .satisfies(failure -> assertTooMany(failure, "2", "of user alice"));
        answer(repository().insert(session("bob", HERE), limits));
    }

    @Test
    void refusesAnAddressMoreSessionsThanAllowed() {
        SessionLimits limits = new SessionLimits(0, 2, 0, 0);
        answer(repository().insert(session("alice", HERE), limits));
        answer(otherGateway().insert(session("bob", HERE), limits));

        assertThatThrownBy(() -> answer(repository().insert(session("carol", HERE), limits)))
                .satisfies(failure -> assertTooMany(failure, "2", "from " + HERE));
        answer(repository().insert(session("carol", ELSEWHERE), limits));
    }

    @Test
    void refusesAUserAtAnAddressMoreSessionsThanAllowed() {
        SessionLimits limits = new SessionLimits(0, 0, 1, 0);
        answer(repository().insert(session("alice", HERE), limits));

        assertThatThrownBy(() -> answer(otherGateway().insert(session("alice", HERE), limits)))
                .satisfies(failure -> assertTooMany(failure, "1", "of user alice from " + HERE));
        answer(repository().insert(session("alice", ELSEWHERE), limits));
        answer(repository().insert(session("bob", HERE), limits));
    }

    @Test
    void refusesEverybodyMoreSessionsThanAllowedInAll() {
        SessionLimits limits = new SessionLimits(0, 0, 0, 2);
        answer(repository().insert(session("alice", HERE), limits));
        answer(otherGateway().insert(session("bob", ELSEWHERE), limits));

        assertThatThrownBy(() -> answer(repository().insert(session("carol", "10.0.0.3"), limits)))
                .satisfies(failure -> assertTooMany(failure, "2", "There are"));
    }

    @Test
    void aSessionThatIsRefusedIsNotThere() {
        Session refused = session("alice", HERE);
        SessionLimits limits = new SessionLimits(1, 0, 0, 0);
        answer(repository().insert(session("alice", HERE), limits));

        assertThatThrownBy(() -> answer(repository().insert(refused, limits))).isNotNull();

        assertThat(answer(repository().find(refused.id()))).isEmpty();
    }

    @Test
    void aSessionThatIsClosedMakesRoom() {
        SessionLimits limits = new SessionLimits(1, 0, 0, 0);
        Session first = session("alice", HERE);
        Session second = session("alice", HERE);
        answer(repository().insert(first, limits));
        answer(otherGateway().delete(first.id()));

        answer(repository().insert(second, limits));

        assertThat(answer(repository().find(second.id()))).isPresent();
    }

    static Stream<SessionLimits> limitsOfTen() {
        return Stream.of(
                new SessionLimits(10, 0, 0, 0),
                new SessionLimits(0, 10, 0, 0),
                new SessionLimits(0, 0, 10, 0),
                new SessionLimits(0, 0, 0, 10),
                new SessionLimits(11, 12, 10, 13));
    }

    @ParameterizedTest
    @MethodSource("limitsOfTen")
    void letsExactlyAsManyInAsAllowedHoweverManyComeAtOnce(SessionLimits limits) {
        List<CompletableFuture<Void>> opened = new ArrayList<>();

        for (int i = 0; i < 25; i++) {
            opened.add(repository().insert(session("alice", HERE), limits));
            opened.add(otherGateway().insert(session("alice", HERE), limits));
        }

        List<Throwable> refusals = new ArrayList<>();
        opened.forEach(open -> failure(open).ifPresent(refusals::add));
        assertThat(refusals).hasSize(40).allSatisfy(refusal -> assertTooMany(refusal, "10", "There are"));
        assertThat(answer(repository().count())).isEqualTo(10);
    }

    @Test
    void remembersWhenASessionWasLastUsed() {
        SessionId id = open("alice", HERE);

        answer(repository().touch(id, OPENED.plusSeconds(5)));

        assertThat(stored(id).usedAt()).isEqualTo(OPENED.plusSeconds(5));
    }

    @Test
    void neverMovesTheTimeOfUseBack() {
        SessionId id = open("alice", HERE);
        answer(repository().touch(id, OPENED.plusSeconds(5)));

        answer(otherGateway().touch(id, OPENED.plusSeconds(4)));

        assertThat(stored(id).usedAt()).isEqualTo(OPENED.plusSeconds(5));
    }

    @Test
    void bindsASessionToAnEngineAndToAnotherAndToNone() {
        SessionId id = open("alice", HERE);
        LaunchTag one = LaunchTag.random();
        LaunchTag other = LaunchTag.random();

        answer(repository().bind(id, Optional.of(one)));
        Optional<LaunchTag> first = stored(id).engine();
        answer(otherGateway().bind(id, Optional.of(other)));
        Optional<LaunchTag> second = stored(id).engine();
        answer(repository().bind(id, Optional.empty()));

        assertThat(first).contains(one);
        assertThat(second).contains(other);
        assertThat(stored(id).engine()).isEmpty();
    }

    @Test
    void bindsANewSessionOnce() {
        SessionId id = open("alice", HERE);
        Map<String, String> settings = stored(id).session().settings();
        LaunchTag one = LaunchTag.random();

        assertThat(answer(repository().bindNew(id, settings, one))).isTrue();

        assertThat(answer(otherGateway().bindNew(id, settings, LaunchTag.random())))
                .isFalse();
        assertThat(stored(id).engine()).contains(one);
    }

    @Test
    void aSessionIsNotNewIfItHasAJournalOrOtherSettingsOrIsNotThere() {
        SessionId journalled = open("alice", HERE);
        SessionId changed = open("alice", HERE);
        Map<String, String> settings = stored(changed).session().settings();
        answer(repository().appendJournal(StatementId.random(journalled), "USE sales"));
        answer(repository().putSetting(changed, "torii.queue", "etl"));
        LaunchTag engine = LaunchTag.random();

        assertThat(answer(repository().bindNew(journalled, settings, engine))).isFalse();
        assertThat(answer(repository().bindNew(changed, settings, engine))).isFalse();
        assertThat(answer(repository().bindNew(SessionId.random(), settings, engine)))
                .isFalse();

        assertThat(stored(journalled).engine()).isEmpty();
        assertThat(stored(changed).engine()).isEmpty();
    }

    @Test
    void keepsTheJournalInOrder() {
        SessionId id = open("alice", HERE);
        List<String> texts = IntStream.range(0, 40).mapToObj(i -> "USE db" + i).toList();

        for (int i = 0; i < texts.size(); i++) {
            SessionRepository gateway = i % 2 == 0 ? repository() : otherGateway();
            answer(gateway.appendJournal(StatementId.random(id), texts.get(i)));
        }

        assertThat(journal(id)).isEqualTo(texts);
    }

    @Test
    void journalsAStatementOnceHoweverOftenItIsTold() {
        SessionId id = open("alice", HERE);
        StatementId statement = StatementId.random(id);
        List<CompletableFuture<Void>> told = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            told.add(repository().appendJournal(statement, "USE sales"));
            told.add(otherGateway().appendJournal(statement, "USE sales"));
        }
        told.forEach(SessionRepositoryContract::answer);

        assertThat(journal(id)).containsExactly("USE sales");
    }

    @Test
    void journalsTheSameTextOfTwoStatementsTwiceUnlessItDoesNothingTheSecondTime() {
        SessionId id = open("alice", HERE);

        answer(repository().appendJournal(StatementId.random(id), "DROP VIEW v"));
        answer(repository().appendJournal(StatementId.random(id), "DROP VIEW v"));
        answer(repository().appendJournal(StatementId.random(id), "USE sales"));
        answer(otherGateway().appendJournal(StatementId.random(id), "USE sales"));

        assertThat(journal(id)).containsExactly("DROP VIEW v", "DROP VIEW v", "USE sales");
    }

    @Test
    void aPoolThatSetsTheSameThingsForEverDoesNotMakeTheJournalLonger() {
        SessionId id = open("alice", HERE);

        for (int i = 0; i < 50; i++) {
            answer(repository().appendJournal(StatementId.random(id), "USE sales"));
            answer(otherGateway().appendJournal(StatementId.random(id), "SET spark.a=" + i));
        }

        assertThat(journal(id)).containsExactly("USE sales", "SET spark.a=49");
    }

    @Test
    void aStatementThatIsToldAgainAfterALaterOneHasReplacedItChangesNothing() {
        SessionId id = open("alice", HERE);
        StatementId first = StatementId.random(id);
        answer(repository().appendJournal(first, "SET spark.a=1"));
        answer(repository().appendJournal(StatementId.random(id), "SET spark.a=2"));

        answer(otherGateway().appendJournal(first, "SET spark.a=1"));

        assertThat(journal(id)).containsExactly("SET spark.a=2");
    }

    @Test
    void pinsASessionWhoseJournalIsFullInsteadOfKeepingMore() {
        SessionId id = open("alice", HERE);
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < Journal.MAX_LINES; i++) {
            told.add(repository().appendJournal(StatementId.random(id), "DROP VIEW v"));
        }
        told.forEach(SessionRepositoryContract::answer);
        String before = stored(id).pinned();

        answer(otherGateway().appendJournal(StatementId.random(id), "DROP VIEW v"));

        assertThat(before).isEmpty();
        assertThat(stored(id).pinned()).isEqualTo(Journal.FULL);
        assertThat(journal(id)).hasSize(Journal.MAX_LINES);
    }

    @Test
    void aJournalIsFullOfLongLinesToo() {
        SessionId id = open("alice", HERE);
        answer(repository().appendJournal(StatementId.random(id), "x".repeat(Journal.MAX_CHARACTERS)));

        answer(repository().appendJournal(StatementId.random(id), "USE sales"));

        assertThat(stored(id).pinned()).isEqualTo(Journal.FULL);
        assertThat(journal(id)).hasSize(1);
    }

    @Test
    void keepsJournalsApart() {
        SessionId alices = open("alice", HERE);
        SessionId bobs = open("bob", HERE);

        answer(repository().appendJournal(StatementId.random(alices), "USE a"));

        assertThat(journal(bobs)).isEmpty();
    }

    @Test
    void setsOneSettingAmongOthers() {
        SessionId id = open("alice", HERE);

        answer(repository().putSetting(id, "spark.a", "1"));
        answer(otherGateway().putSetting(id, "spark.b", "2"));
        answer(repository().putSetting(id, "spark.a", "3"));

        assertThat(stored(id).session().settings()).isEqualTo(Map.of("spark.a", "3", "spark.b", "2"));
    }

    @Test
    void losesNoSettingOfThoseThatAreSetAtOnce() {
        SessionId id = open("alice", HERE);
        Map<String, String> settings = new HashMap<>();
        List<CompletableFuture<Void>> set = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            SessionRepository gateway = i % 2 == 0 ? repository() : otherGateway();
            settings.put("spark.k" + i, "" + i);
            set.add(gateway.putSetting(id, "spark.k" + i, "" + i));
        }
        set.forEach(SessionRepositoryContract::answer);

        assertThat(stored(id).session().settings()).isEqualTo(settings);
    }

    @Test
    void remembersWhatPinsASession() {
        SessionId id = open("alice", HERE);

        answer(repository().pin(id, "It has a temporary view"));

        assertThat(stored(id).pinned()).isEqualTo("It has a temporary view");
    }

    @Test
    void remembersThatASessionRoams() {
        SessionId id = open("alice", HERE);
        SessionId other = open("alice", HERE);

        answer(repository().markRoaming(id));

        assertThat(answer(repository().isRoaming(id))).isTrue();
        assertThat(answer(repository().isRoaming(other))).isFalse();
        answer(repository().delete(id));
        assertThat(answer(repository().isRoaming(id))).isFalse();
    }

    @Test
    void deletesASessionOnce() {
        SessionId id = open("alice", HERE);
        SessionId kept = open("alice", HERE);
        answer(repository().appendJournal(StatementId.random(id), "USE sales"));

        LaunchTag engine = LaunchTag.random();
        answer(repository().bind(id, Optional.of(engine)));

        assertThat(answer(repository().delete(id))).map(StoredSession::engine).contains(Optional.of(engine));
        assertThat(answer(otherGateway().delete(id))).isEmpty();

        assertThat(answer(otherGateway().find(id))).isEmpty();
        assertThat(answer(otherGateway().find(kept))).isPresent();
    }

    @Test
    void nothingBringsADeletedSessionBack() {
        SessionId id = open("alice", HERE);
        answer(repository().delete(id));

        answer(repository().touch(id, OPENED.plusSeconds(1)));
        answer(repository().appendJournal(StatementId.random(id), "USE sales"));
        answer(repository().putSetting(id, "spark.a", "1"));
        answer(repository().pin(id, "reason"));

        assertThat(answer(repository().find(id))).isEmpty();
        assertThat(answer(repository().count())).isZero();
    }

    @Test
    void aSessionThatIsNotThereCannotBeBound() {
        SessionId id = open("alice", HERE);
        answer(repository().delete(id));

        assertThat(failure(otherGateway().bind(id, Optional.of(LaunchTag.random()))))
                .get()
                .extracting(failure -> failure.getCause() == null ? failure : failure.getCause())
                .extracting(failure -> ((GatewayException) failure).code())
                .isEqualTo(ErrorCode.INVALID_HANDLE);
    }

    @Test
    void namesIdleSessionsOldestFirst() {
        SessionId second = openedAt(OPENED.plusSeconds(2));
        SessionId first = openedAt(OPENED.plusSeconds(1));
        SessionId touched = openedAt(OPENED);
        openedAt(OPENED.plusSeconds(4));
        answer(repository().touch(touched, OPENED.plusSeconds(3)));

        assertThat(answer(otherGateway().idleSince(OPENED.plusSeconds(4), 10))).containsExactly(first, second, touched);
        assertThat(answer(otherGateway().idleSince(OPENED.plusSeconds(4), 2))).containsExactly(first, second);
        assertThat(answer(otherGateway().idleSince(OPENED, 10))).isEmpty();
    }

    static Stream<String> awkwardTexts() {
        return Texts.awkward();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("awkwardTexts")
    void keepsEveryTextAsItIs(String text) {
        Session session =
                new Session(SessionId.random(), "o'brien 漢", HERE, 9, Map.of("k", text), text, "thrift", OPENED);
        answer(repository().insert(session, NO_LIMITS));
        answer(repository().appendJournal(StatementId.random(session.id()), text));
        answer(repository().pin(session.id(), text));
        answer(repository().putSetting(session.id(), "l", text));

        StoredSession stored = stored(session.id());
        assertThat(stored.session().user()).isEqualTo("o'brien 漢");
        assertThat(stored.session().database().equals(text)).isTrue();
        assertThat(stored.pinned().equals(text)).isTrue();
        assertThat(journal(session.id()).equals(List.of(text))).isTrue();
        assertThat(stored.session().settings().equals(Map.of("k", text, "l", text)))
                .isTrue();
    }

    private SessionId open(String user, String address) {
        Session session = session(user, address);
        answer(repository().insert(session, NO_LIMITS));
        return session.id();
    }

    private SessionId openedAt(Instant time) {
        Session session = new Session(SessionId.random(), "alice", HERE, 9, Map.of(), "", "thrift", time);
        answer(repository().insert(session, NO_LIMITS));
        return session.id();
    }

    private StoredSession stored(SessionId id) {
        return answer(otherGateway().find(id)).orElseThrow();
    }

    private List<String> journal(SessionId id) {
        return answer(otherGateway().journal(id));
    }

    private static Session session(String user, String address) {
        return new Session(SessionId.random(), user, address, 9, Map.of(), "", "thrift", OPENED);
    }

    private static void assertTooMany(Throwable failure, String number, String whose) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        assertThat(cause).isInstanceOf(GatewayException.class).hasMessageContainingAll(number, whose);
        assertThat(((GatewayException) cause).code()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
    }

    private static Optional<Throwable> failure(CompletableFuture<?> call) {
        return answer(call.handle((value, failure) -> Optional.ofNullable(failure)));
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
