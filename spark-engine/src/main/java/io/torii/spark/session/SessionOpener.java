package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.ResultException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.command.CreateViewCommand;

/** Makes the Spark side of a session: settings, catalog, database, and the state that its journal tells. Thread-safe. */
final class SessionOpener {
    private static final String DATABASE = "use:database";
    private static final String CATALOG = "use:catalog";
    private static final String JOURNAL = "torii:journal:";
    private static final int MAX_LINE = 200;
    private static final Set<String> MISSED = new HashSet<>(Arrays.asList(
            "CreateTempViewUsing",
            "CreateFunctionCommand",
            "DropFunctionCommand",
            "DropTempViewCommand",
            "DropView",
            "AlterViewAs",
            "RenameTable",
            "AddJarsCommand",
            "AddFilesCommand",
            "AddArchivesCommand"));
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final SpareSessions sessions;
    private final Clock clock;

    SessionOpener(SpareSessions sessions, Clock clock) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Opens a session in the calling thread. A database or catalog that is not there is the failure that Spark throws or, if
     * a journal shows that the session was open before, a ResultException; so is a line of the journal that fails and would
     * leave statements to run with the wrong state. What cannot be set, and a line whose lack statements would notice, is a
     * note in the session's log.
     */
    EngineSession open(String id, String user, TOpenSessionReq request) {
        SparkSession spark = sessions.take();
        List<String> notes = new ArrayList<>();
        Map<String, String> configuration =
                request.isSetConfiguration() ? request.getConfiguration() : Collections.emptyMap();
        Map<Integer, String> journal = journal(configuration);
        try (ThreadScope scope = ThreadScope.enter(spark, user)) {
            configuration.forEach((key, value) -> set(spark, key, value, notes));
            use(spark, "SET CATALOG ", configuration.getOrDefault(CATALOG, ""), !journal.isEmpty());
            use(spark, "USE ", configuration.getOrDefault(DATABASE, ""), !journal.isEmpty());
            journal.values().forEach(line -> replay(spark, line, notes));
        }
        EngineSession session = new EngineSession(id, user, request.getClient_protocol(), spark, notes, clock);
        session.journalled(journal.size());
        return session;
    }

    /** How many lines the session's journal has. */
    static int journalLines(TOpenSessionReq request) {
        return request.isSetConfiguration()
                ? journal(request.getConfiguration()).size()
                : 0;
    }

    private static Map<Integer, String> journal(Map<String, String> configuration) {
        Map<Integer, String> lines = new TreeMap<>();
        configuration.forEach((key, value) -> {
            if (key.startsWith(JOURNAL)
                    && NUMBER.matcher(key.substring(JOURNAL.length())).matches()) {
                lines.put(Integer.valueOf(key.substring(JOURNAL.length())), value);
            }
        });
        return lines;
    }

    private static void set(SparkSession spark, String key, String value, List<String> notes) {
        if (key.equals(DATABASE) || key.equals(CATALOG) || key.startsWith(JOURNAL)) {
            return;
        }
        try {
            spark.conf().set(key, value);
        } catch (Exception e) {
            notes.add("Setting " + key + " was ignored: " + Failures.sentence(e));
        }
    }

    private static void use(SparkSession spark, String verb, String name, boolean again) {
        if (name.isEmpty() || (verb.equals("USE ") && name.equals("default"))) {
            return;
        }
        String line = verb + "`" + name.replace("`", "``") + "`";
        try {
            spark.sql(line);
        } catch (Exception e) {
            if (again) {
                throw notAsBefore(line, e);
            }
            throw e;
        }
    }

    private static void replay(SparkSession spark, String line, List<String> notes) {
        try {
            spark.sql(line);
        } catch (Exception e) {
            if (!isMissed(spark, line)) {
                throw notAsBefore(line, e);
            }
            notes.add("Replaying \"" + line + "\" failed: " + Failures.sentence(e));
        }
    }

    /** Whether statements that need what this line did fail without it, rather than do something else. */
    private static boolean isMissed(SparkSession spark, String line) {
        try {
            LogicalPlan plan = spark.sessionState().sqlParser().parsePlan(line);
            if (plan instanceof CreateViewCommand) {
                // else its name means a table, or what the view was before
                return !spark.catalog()
                        .tableExists(((CreateViewCommand) plan).name().unquotedString());
            }
            return MISSED.contains(plan.getClass().getSimpleName());
        } catch (Exception e) {
            return false;
        }
    }

    private static ResultException notAsBefore(String line, Exception e) {
        String shown = line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "...";
        return new ResultException(
                Failure.CONNECTION_LOST,
                "The session could not be opened again as it was, since \"" + shown + "\" fails now: "
                        + Failures.sentence(e) + "; open a new session");
    }
}
