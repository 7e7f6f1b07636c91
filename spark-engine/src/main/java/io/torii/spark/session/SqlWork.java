package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.result.ResultSet;
import io.torii.spark.result.ResultSets;
import io.torii.spark.result.Sneaky;
import io.torii.wire.HeaderText;
import io.torii.wire.WireProtocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.internal.SessionState;

/** Runs a statement's text as SQL. */
final class SqlWork implements Work {
    private static final int MAY_BE_TOO_LONG = WireProtocol.MAX_HEADER_LENGTH / 9;

    private final EngineSession session;
    private final Map<String, String> overlay;
    private final ResultSets results;

    /** @param overlay settings for this statement alone */
    SqlWork(EngineSession session, Map<String, String> overlay, ResultSets results) {
        this.session = requireNonNull(session, "session");
        this.overlay = new HashMap<>(overlay);
        this.results = requireNonNull(results, "results");
    }

    @Override
    public Outcome run(Statement statement) {
        SparkSession spark = overlay.isEmpty() ? session.spark() : overlaid(statement);
        try (ThreadScope scope = ThreadScope.enter(spark, session.user(), statement)) {
            QueryExecution query = started(spark, statement);
            SessionEffect effect = SessionEffect.of(spark, query.analyzed());
            if (!effect.isNone()) {
                session.changed(statement, carried(effect, statement.text()));
            }
            int protocol = session.protocol().getValue();
            if (query.analyzed().output().isEmpty()) {
                return new Outcome(results.empty(protocol), false);
            }
            boolean early = EarlyPages.areWanted(spark);
            Optional<HiveShape> names = HiveShape.of(query, session.protocol());
            ResultSet result = names.isPresent()
                    ? results.of(names.get().schema(), names.get().rows(), protocol)
                    : results.run(query, protocol, EngineSession.fetchSize(spark), early ? EarlyPages.HELD_BACK : 0);
            return new Outcome(early ? result : complete(result), true);
        }
    }

    /** As {@code SparkSession.sql}, but for the encoders of a Dataset that nobody needs. */
    private static QueryExecution begun(SparkSession spark, String text) throws ParseException {
        SessionState state = spark.sessionState();
        QueryExecution query = state.executePlan(state.sqlParser().parsePlan(text), CommandExecutionMode.ALL());
        query.assertAnalyzed();
        LogicalPlan unused = query.commandExecuted();
        return query;
    }

    /** Commands run here. One that fails because it was cancelled may have changed its session all the same. */
    private QueryExecution started(SparkSession spark, Statement statement) {
        try {
            return begun(spark, statement.text());
        } catch (Throwable e) {
            if (statement.state().isTerminal() && mayChangeItsSession(spark, statement.text())) {
                session.changed(statement, SessionEffect.UNKNOWN);
            }
            throw Sneaky.rethrow(e);
        }
    }

    private static boolean mayChangeItsSession(SparkSession spark, String text) {
        try {
            LogicalPlan parsed = spark.sessionState().sqlParser().parsePlan(text);
            return !SessionEffect.of(spark, parsed).isNone();
        } catch (Exception e) {
            return false;
        }
    }

    /** A statement has finished once all its rows are stored: until then it can be cancelled, and fails as a whole. */
    private static ResultSet complete(ResultSet result) {
        try {
            result.awaitEnd();
            return result;
        } catch (Throwable e) {
            result.close();
            throw e;
        }
    }

    /**
     * The session itself if the statement would change its state, which must stay; else a copy that has its temporary views
     * and functions, with the overlay set there: other statements of the session never see it.
     */
    private SparkSession overlaid(Statement statement) {
        SparkSession copy = session.spark().cloneSession();
        overlay.forEach((key, value) -> {
            try {
                copy.conf().set(key, value);
            } catch (Exception e) {
                statement.log().warn("Setting " + key + " was ignored: " + Failures.sentence(e));
            }
        });
        try (ThreadScope scope = ThreadScope.enter(copy, session.user(), statement)) {
            if (!changesItsSession(copy, statement.text())) {
                return copy;
            }
        }
        statement.log().warn("The statement's own settings were ignored: it changes its session");
        return session.spark();
    }

    private static boolean changesItsSession(SparkSession spark, String text) {
        try {
            SessionState state = spark.sessionState();
            LogicalPlan parsed = state.sqlParser().parsePlan(text);
            LogicalPlan analyzed =
                    state.executePlan(parsed, CommandExecutionMode.SKIP()).analyzed();
            return !SessionEffect.of(spark, analyzed).isNone();
        } catch (Exception e) {
            // running it will tell what is wrong with it
            return false;
        }
    }

    private static SessionEffect carried(SessionEffect effect, String text) {
        boolean tooLong = effect.isJournalled()
                && text.length() > MAY_BE_TOO_LONG
                && HeaderText.encode(text).length() > WireProtocol.MAX_HEADER_LENGTH - UnstoredLines.OVERHEAD;
        return tooLong ? effect.tooLongToCarry() : effect;
    }
}
