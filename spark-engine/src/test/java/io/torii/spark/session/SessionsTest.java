package io.torii.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.wire.WireException;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SessionsTest extends EngineTest {
    private final MovingClock clock = new MovingClock();

    @Override
    Clock clock() {
        return clock;
    }

    @Test
    void answersWhatEveryPoolSendsToStayAliveWithoutAJob() {
        String session = alice.open();

        assertThat(alice.rows(session, "EXPLAIN SELECT 1").toString()).contains("LocalTableScan");
    }

    @Test
    void opensWithSettingsAndADatabase() {
        alice.run(alice.open(), "CREATE DATABASE IF NOT EXISTS other");

        String session = alice.open(settings("spark.sql.shuffle.partitions", "7", "use:database", "other"));

        assertThat(alice.rows(session, "SET spark.sql.shuffle.partitions"))
                .containsExactly("spark.sql.shuffle.partitions,7");
        assertThat(alice.rows(session, "SELECT current_database()")).containsExactly("other");
    }

    @Test
    void keepsSessionsApart() {
        String one = alice.open();
        String other = alice.open();
        alice.rows(one, "SET spark.sql.shuffle.partitions=5");
        alice.run(one, "CREATE TEMPORARY VIEW v AS SELECT 1");

        assertThat(alice.rows(other, "SET spark.sql.shuffle.partitions"))
                .containsExactly("spark.sql.shuffle.partitions,2");
        assertThat(alice.run(other, "SELECT * FROM v").state()).isEqualTo("ERROR_STATE");
    }

    @Test
    void notesInTheLogWhatCouldNotBeSet() {
        String session = alice.open(settings(
                "spark.sql.warehouse.dir",
                "/elsewhere",
                "spark.executor.memory",
                "9g",
                "spark.sql.shuffle.partitions",
                "many"));
        String statement = alice.execute(session, "SELECT 1");
        assertThat(alice.end(session, statement).state()).isEqualTo("FINISHED_STATE");

        assertThat(alice.log(session, statement))
                .anySatisfy(line -> assertThat(line).contains("WARN Setting spark.sql.warehouse.dir was ignored"))
                .anySatisfy(line -> assertThat(line).contains("WARN Setting spark.executor.memory was ignored"))
                .anySatisfy(line -> assertThat(line).contains("WARN Setting spark.sql.shuffle.partitions was ignored"));
    }

    @Test
    void failsToOpenInADatabaseThatIsNotThere() {
        TOpenSessionResp answer = alice.openAs(UUID.randomUUID().toString(), settings("use:database", "nowhere"));

        assertThat(answer.getStatus().getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
        assertThat(answer.getStatus().getSqlState()).isEqualTo("42704");
        assertThat(answer.getStatus().getErrorMessage())
                .startsWith("[SCHEMA_NOT_FOUND]")
                .contains("nowhere");
        assertThat(service.sessions()).isZero();
    }

    @Test
    void opensASessionOnce() {
        String session = UUID.randomUUID().toString();
        List<CompletableFuture<WireReply>> openings = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            openings.add(alice.opening(session, settings("torii:journal:0", "CREATE TEMPORARY VIEW once AS SELECT 1")));
        }
        openings.forEach(TestClient::get);
        alice.rows(session, "SET a.b=c");
        alice.openAs(session, Collections.emptyMap());

        assertThat(service.sessions()).isEqualTo(1);
        assertThat(alice.rows(session, "SET a.b")).containsExactly("a.b,c");
        String statement = alice.execute(session, "SELECT 1");
        assertThat(alice.log(session, statement))
                .noneSatisfy(line -> assertThat(line).contains("WARN"));
    }

    @Test
    void replaysAJournalInOrderAndNotesWhatFailsAloud() {
        Map<String, String> journal = settings();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            lines.add("SET step=" + i);
        }
        lines.add("CREATE TEMPORARY VIEW replayed AS SELECT '${step}' AS step");
        lines.add("CREATE TEMPORARY VIEW lost AS SELECT * FROM nowhere");
        for (int i = 0; i < lines.size(); i++) {
            journal.put("torii:journal:" + i, lines.get(i));
        }

        String session = alice.open(journal);

        assertThat(alice.rows(session, "SELECT step FROM replayed")).containsExactly("11");
        String second = alice.open(journal);
        String statement = alice.execute(second, "SELECT 1");
        assertThat(alice.log(second, statement)).anySatisfy(line -> assertThat(line)
                .contains("WARN Replaying \"CREATE TEMPORARY VIEW lost AS SELECT * FROM nowhere\" failed: "
                        + "[TABLE_OR_VIEW_NOT_FOUND]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USE gone",
                "SET CATALOG gone",
                "SET spark.sql.shuffle.partitions=many",
                "RESET spark.sql.warehouse.dir",
                "SET VARIABLE gone = 1",
                "no longer SQL"
            })
    void doesNotOpenASessionAgainThatWouldRunWithTheWrongState(String line) {
        TOpenSessionResp answer = alice.openAs(UUID.randomUUID().toString(), settings("torii:journal:0", line));

        assertThat(answer.getStatus().getStatusCode()).isEqualTo(TStatusCode.ERROR_STATUS);
        assertThat(answer.getStatus().getSqlState()).isEqualTo("08S01");
        assertThat(answer.getStatus().getErrorMessage())
                .startsWith("The session could not be opened again as it was, since \"" + line + "\" fails now: ")
                .endsWith("; open a new session")
                .doesNotContain("\n");
        assertThat(service.sessions()).isZero();
    }

    @Test
    void doesNotOpenASessionAgainWhoseInitialDatabaseHasGone() {
        TOpenSessionResp answer = alice.openAs(
                UUID.randomUUID().toString(), settings("use:database", "gone", "torii:journal:0", "SET a=b"));

        assertThat(answer.getStatus().getSqlState()).isEqualTo("08S01");
        assertThat(answer.getStatus().getErrorMessage()).contains("\"USE `gone`\" fails now: [SCHEMA_NOT_FOUND]");
    }

    @Test
    void doesNotOpenASessionAgainInWhichAViewWouldBeAnOlderOne() {
        TOpenSessionResp answer = alice.openAs(
                UUID.randomUUID().toString(),
                settings(
                        "torii:journal:0", "CREATE TEMPORARY VIEW v AS SELECT 1",
                        "torii:journal:1", "CREATE OR REPLACE TEMPORARY VIEW v AS SELECT * FROM nowhere"));

        assertThat(answer.getStatus().getSqlState()).isEqualTo("08S01");
    }

    @Test
    void replaysWhatItsOwnStatementsJournalled() {
        String first = alice.open();
        Map<String, String> journal = new HashMap<>();
        for (String sql : new String[] {
            "SET x.y=z",
            "CREATE DATABASE IF NOT EXISTS moved",
            "USE moved",
            "CREATE TEMPORARY VIEW t AS SELECT 42 AS answer",
            "CREATE TEMPORARY VIEW u AS SELECT 43 AS answer",
            "DROP VIEW u"
        }) {
            String text = alice.run(first, sql).journal();
            if (text != null) {
                journal.put("torii:journal:" + journal.size(), text);
            }
        }

        String second = alice.open(journal);

        assertThat(journal).hasSize(5);
        assertThat(alice.rows(second, "SELECT answer, current_database() FROM t"))
                .containsExactly("42,moved");
        assertThat(alice.rows(second, "SET x.y")).containsExactly("x.y,z");
        assertThat(alice.run(second, "SELECT * FROM u").state()).isEqualTo("ERROR_STATE");
    }

    @Test
    void showsTheSessionsUserToSparkEvenWhenUsersShareTheEngine() {
        String hers = alice.open();
        String his = bob.open();

        assertThat(alice.rows(hers, "SELECT current_user()")).containsExactly("alice");
        assertThat(bob.rows(his, "SELECT current_user()")).containsExactly("bob");
        assertThat(alice.rows(hers, "SELECT current_user()")).containsExactly("alice");
    }

    @Test
    void refusesSomebodyElsesSession() {
        String hers = alice.open();

        assertThatThrownBy(() -> bob.execute(hers, "SELECT 1"))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.BAD_REQUEST))
                .hasMessage("The session belongs to another user");
        assertThatThrownBy(() -> bob.openAs(hers, Collections.emptyMap())).isInstanceOf(WireException.class);
    }

    @Test
    void doesNotKnowSessionsThatAreClosed() {
        String session = alice.open();
        alice.close(session);

        assertThatThrownBy(() -> alice.execute(session, "SELECT 1"))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.NO_SUCH_SESSION));
    }

    @Test
    void refusesNewSessionsWhileDrainingAndLetsOthersGoOn() {
        String session = alice.open();
        service.refuseNew();

        assertThatThrownBy(() -> alice.open()).isInstanceOfSatisfying(WireException.class, e -> assertThat(e.status())
                .isEqualTo(WireProtocol.DRAINING));
        assertThat(alice.rows(session, "SELECT 1")).containsExactly("1");
    }

    @Test
    void closesStatementsAndSessionsThatNobodyUses() {
        String busy = alice.open();
        String running = alice.execute(busy, StatementsTest.FOREVER);
        String idle = alice.open();
        String done = alice.execute(idle, "SELECT 1");
        alice.end(idle, done);

        clock.move(Duration.ofMinutes(11));
        service.closeIdle(Duration.ofMinutes(10), Duration.ofMinutes(20));

        assertThatThrownBy(() -> alice.end(idle, done)).hasMessageContaining("no statement");
        assertThat(service.sessions()).isEqualTo(2);

        clock.move(Duration.ofMinutes(21));
        service.closeIdle(Duration.ofMinutes(10), Duration.ofMinutes(20));

        assertThatThrownBy(() -> alice.execute(idle, "SELECT 1")).hasMessageContaining("no session");
        assertThat(alice.running(busy, running).state()).isEqualTo("RUNNING_STATE");
    }

    @Test
    void freesWhatATemporaryViewHasCached() throws Exception {
        String session = alice.open();
        alice.run(session, "CACHE TABLE cached AS SELECT 1");
        assertThat(spark.sharedState().cacheManager().isEmpty()).isFalse();

        alice.close(session);
        service.close();

        assertThat(service.awaitQuiet(Duration.ofSeconds(20))).isTrue();
        assertThat(spark.sharedState().cacheManager().isEmpty()).isTrue();
    }

    @Test
    void answersEveryProtocolVersionThatItIsAskedFor() {
        for (TProtocolVersion version : TProtocolVersion.values()) {
            TOpenSessionResp answer =
                    client("alice", version).openAs(UUID.randomUUID().toString(), Collections.emptyMap());

            assertThat(answer.getServerProtocolVersion()).isEqualTo(version);
        }
    }

    private static Map<String, String> settings(String... pairs) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }

    @Test
    void isNotOpenForWhoHasMoreOfItsJournal() {
        String session = alice.open();
        Map<String, String> journal = Collections.singletonMap("torii:journal:0", "SET spark.sql.shuffle.partitions=7");

        assertThatThrownBy(() -> alice.openAs(session, journal))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.status()).isEqualTo(WireProtocol.OPEN_WITHOUT_JOURNAL));

        alice.run(session, "SET spark.sql.shuffle.partitions=7");
        assertThat(alice.openAs(session, journal).getStatus().getStatusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);
        alice.close(session);
        alice.openAs(session, journal);
        assertThat(alice.openAs(session, journal).getStatus().getStatusCode()).isEqualTo(TStatusCode.SUCCESS_STATUS);
    }
}
