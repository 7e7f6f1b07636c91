package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.spark.sql.SparkSession;

/** Makes the Spark side of a session: settings, catalog, database, and the state that its journal tells. Thread-safe. */
final class SessionOpener {
    private static final String DATABASE = "use:database";
    private static final String CATALOG = "use:catalog";
    private static final String JOURNAL = "torii:journal:";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final SparkSession root;
    private final Clock clock;

    SessionOpener(SparkSession root, Clock clock) {
        this.root = requireNonNull(root, "root");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Opens a session in the calling thread. What cannot be set or replayed is a note in the session's log; a database or
     * catalog that is not there is the failure that Spark throws, unless a journal shows that the session was open before.
     */
    EngineSession open(String id, String user, TOpenSessionReq request) {
        SparkSession spark = root.newSession();
        List<String> notes = new ArrayList<>();
        Map<String, String> configuration =
                request.isSetConfiguration() ? request.getConfiguration() : Collections.emptyMap();
        Map<Integer, String> journal = journal(configuration);
        try (ThreadScope scope = ThreadScope.enter(spark, user)) {
            configuration.forEach((key, value) -> set(spark, key, value, notes));
            use(spark, "SET CATALOG ", configuration.getOrDefault(CATALOG, ""), !journal.isEmpty(), notes);
            use(spark, "USE ", configuration.getOrDefault(DATABASE, ""), !journal.isEmpty(), notes);
            journal.values().forEach(line -> replay(spark, line, notes));
        }
        return new EngineSession(id, user, request.getClient_protocol(), spark, notes, clock);
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

    private static void use(SparkSession spark, String verb, String name, boolean lenient, List<String> notes) {
        if (name.isEmpty() || (verb.equals("USE ") && name.equals("default"))) {
            return;
        }
        try {
            spark.sql(verb + "`" + name.replace("`", "``") + "`");
        } catch (Exception e) {
            if (!lenient) {
                throw e;
            }
            notes.add(verb + name + " failed when the session was opened again: " + Failures.sentence(e));
        }
    }

    private static void replay(SparkSession spark, String line, List<String> notes) {
        try {
            spark.sql(line);
        } catch (Exception e) {
            notes.add("Replaying \"" + line + "\" failed: " + Failures.sentence(e));
        }
    }
}
