package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.failedFuture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of connections to the store's database, whose schema is brought up to date when it is opened. What is asked of it
 * runs on an executor, each time as one transaction; a transaction that the database gives up for another one's sake is
 * run again. The embedded database writes what was committed at the same time together, before anybody is answered. Every answer has a bound, whatever the database does: a change whose answer came too late may have been made.
 * While the database cannot be reached, what is asked is refused at once ({@link Outage}).
 * Thread-safe.
 */
public final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TURNS = 5;

    /** H2's, once it could not write: its connections are good for nothing then, and look well; new ones open it again. */
    private static final Set<String> CLOSED_BY_ITSELF = Set.of("90098", "90121");

    private static final String NOW = "SELECT CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)";

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Executor executor;
    private final Duration answerLimit;
    private final GroupedWrites writes;
    private final Outage outage = new Outage();

    /** Transactions that may change something and have not been answered. */
    private final AtomicInteger changing = new AtomicInteger();

    private volatile Answers observer = (took, failure) -> {};

    /** Hears of every answer, or that there was none. */
    @FunctionalInterface
    public interface Answers {
        /** @param failure empty if the transaction was committed */
        void answered(Duration took, Optional<Throwable> failure);
    }

    private Database(HikariDataSource pool, Executor executor, Duration answerLimit, boolean embedded) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        jdbi.getConfig(StoreClock.class); // made before it is shared
        this.executor = executor;
        this.answerLimit = answerLimit;
        this.writes =
                new GroupedWrites(embedded ? () -> jdbi.useHandle(handle -> handle.execute("CHECKPOINT")) : () -> {});
    }

    /**
     * Connects and migrates; blocks until that is done.
     *
     * @param executor may be blocked by the database; bounded, and as wide as the pool
     * @throws GatewayException STORE_UNAVAILABLE in one sentence, if the database cannot be used
     */
    public static Database open(DatabaseSettings settings, Executor executor) {
        return open(settings, executor, PATIENCE);
    }

    /** @param patience how long to wait for a connection, and on one for an answer; the caller waits for both at most */
    static Database open(DatabaseSettings settings, Executor executor, Duration patience) {
        requireNonNull(executor, "executor");
        HikariConfig config = new HikariConfig();
        config.setPoolName("store");
        config.setJdbcUrl(settings.url());
        settings.user().ifPresent(config::setUsername);
        settings.password().map(Secret::value).ifPresent(config::setPassword);
        config.setMaximumPoolSize(settings.connections());
        config.setConnectionTimeout(patience.toMillis());
        if (!settings.isEmbedded()) {
            config.setInitializationFailTimeout(patience.toMillis());
            // else a server that is there but silent would keep its threads for ever
            config.addDataSourceProperty("socketTimeout", Math.max(1, patience.toSeconds()));
        }
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw unusable(e);
        }
        try {
            migrations(settings.url(), settings).migrate(); // not from the pool: it may take longer than an answer
            Database database = new Database(pool, executor, patience.multipliedBy(2), settings.isEmbedded());
            if (settings.isEmbedded()) {
                // short texts stay in their rows
                database.jdbi.useHandle(handle -> handle.execute("SET MAX_LENGTH_INPLACE_LOB 16384"));
            }
            return database;
        } catch (FlywayException | JdbiException e) {
            pool.close();
            throw unusable(e);
        }
    }

    /** The schema's, at this address of the same database. */
    static Flyway migrations(String url, DatabaseSettings settings) {
        return Flyway.configure()
                .dataSource(
                        url,
                        settings.user().orElse(null),
                        settings.password().map(Secret::value).orElse(null))
                .locations("classpath:io/torii/server/store/migration")
                .load();
    }

    /**
     * Runs it as one transaction; fails with its GatewayException, with INVALID_REQUEST if the database cannot keep a text
     * of it, or with STORE_UNAVAILABLE.
     */
    <T> CompletableFuture<T> call(Function<Handle, T> work) {
        return submit(answer -> change(work, answer));
    }

    /** The same for work that changes nothing. */
    <T> CompletableFuture<T> read(Function<Handle, T> work) {
        return submit(answer -> run(work, answer, result -> {
            if (changing.get() == 0) {
                answer.complete(result);
            } else {
                written(answer, result); // it may have seen what is not yet on disk
            }
        }));
    }

    private <T> CompletableFuture<T> submit(Consumer<CompletableFuture<T>> task) {
        long asked = System.nanoTime();
        return queued(task)
                .whenComplete((answer, failure) ->
                        observer.answered(Duration.ofNanos(System.nanoTime() - asked), Optional.ofNullable(failure)));
    }

    private <T> CompletableFuture<T> queued(Consumer<CompletableFuture<T>> task) {
        if (outage.isAway()) {
            return failedFuture(refusal(new IllegalStateException("the database could not be reached just now")));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                if (!answer.isDone()) { // else nobody waits for it any more
                    task.accept(answer);
                }
            });
        } catch (RejectedExecutionException full) {
            return failedFuture(new GatewayException(
                    ErrorCode.STORE_UNAVAILABLE, "The gateway's store has too much to do; try again", full));
        }
        return answer.orTimeout(answerLimit.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(
                        failure -> failedFuture(failure instanceof TimeoutException ? unavailable(failure) : failure));
    }

    CompletableFuture<Void> update(Function<Handle, Integer> work) {
        return call(work).thenAccept(rows -> {});
    }

    /** From now on, one who hears of every answer; must be quick. */
    public void observe(Answers listener) {
        observer = requireNonNull(listener, "listener");
    }

    /** Completes once the database has answered, and writes nothing; fails with STORE_UNAVAILABLE if it does not. */
    public CompletableFuture<Void> ping() {
        return read(Database::now).thenAccept(time -> {});
    }

    /** The store's own clock, the same for all gateways, in milliseconds since 1970; see {@link StoreClock}. */
    static long now(Handle handle) {
        return handle.getConfig(StoreClock.class)
                .at(handle.createQuery(NOW).mapTo(Long.class).one());
    }

    /** Whether a row was refused since another transaction has just added one like it, or removed its parent. */
    static boolean isConflict(Throwable failure) {
        return sqlState(failure).startsWith("23");
    }

    @Override
    public void close() {
        pool.close();
    }

    private <T> void change(Function<Handle, T> work, CompletableFuture<T> answer) {
        changing.incrementAndGet();
        CompletableFuture<T> unused = answer.whenComplete((done, failure) -> changing.decrementAndGet());
        run(work, answer, result -> written(answer, result));
    }

    private <T> void written(CompletableFuture<T> answer, T result) {
        writes.add(failure -> failure.ifPresentOrElse(
                problem -> answer.completeExceptionally(unavailable(problem)), () -> answer.complete(result)));
    }

    private <T> void run(Function<Handle, T> work, CompletableFuture<T> answer, Consumer<T> committed) {
        T result;
        try {
            result = inTransaction(work, TURNS);
        } catch (GatewayException refusal) {
            outage.answered();
            answer.completeExceptionally(refusal);
            return;
        } catch (JdbiException failure) {
            if (outage.begins(failure)) {
                tryOn();
            }
            if (CLOSED_BY_ITSELF.contains(sqlState(failure))) {
                pool.getHikariPoolMXBean().softEvictConnections();
            }
            answer.completeExceptionally(isConflict(failure) ? failure : translated(failure));
            return;
        } catch (RuntimeException | Error bug) {
            log.error("the store failed", bug);
            answer.completeExceptionally(bug);
            return;
        }
        outage.answered();
        committed.accept(result);
    }

    /** Until the database answers; each turn waits for a connection as long as anybody does. */
    private void tryOn() {
        try {
            executor.execute(() -> {
                try {
                    jdbi.useHandle(Database::now);
                    outage.answered();
                } catch (JdbiException failure) {
                    if ((outage.begins(failure) || outage.isAway()) && !pool.isClosed()) {
                        tryOn();
                    }
                } catch (RuntimeException | Error bug) {
                    outage.answered();
                    throw bug;
                }
            });
        } catch (RejectedExecutionException full) {
            outage.answered(); // whoever comes next finds out
        }
    }

    private <T> T inTransaction(Function<Handle, T> work, int turns) {
        try {
            return jdbi.inTransaction(work::apply);
        } catch (JdbiException failure) {
            if (turns > 1 && isGivenUp(failure)) {
                return inTransaction(work, turns - 1);
            }
            throw failure;
        }
    }

    /** Serialization failure, deadlock, or H2's concurrent update: nothing was done. */
    private static boolean isGivenUp(RuntimeException failure) {
        String state = sqlState(failure);
        return state.startsWith("40") || state.equals("90131");
    }

    static String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException problem && problem.getSQLState() != null) {
                return problem.getSQLState();
            }
        }
        return "";
    }

    private static GatewayException translated(JdbiException failure) {
        return sqlState(failure).startsWith("22")
                ? new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        "The gateway's store cannot keep a text of this request: it is too long, or has a character that"
                                + " the database does not take",
                        failure)
                : unavailable(failure);
    }

    private static GatewayException unavailable(Throwable failure) {
        log.warn("the store does not answer as it should problem={}", problem(failure));
        return refusal(failure);
    }

    private static GatewayException refusal(Throwable failure) {
        return new GatewayException(
                ErrorCode.STORE_UNAVAILABLE,
                "The gateway's store does not answer; try again, or tell the administrator",
                failure);
    }

    private static GatewayException unusable(RuntimeException failure) {
        return new GatewayException(
                ErrorCode.STORE_UNAVAILABLE, "The store cannot be used: " + problem(failure), failure);
    }

    /** One line: what the database itself said or, if it said nothing, what came in the way. */
    static String problem(Throwable failure) {
        Throwable innermost = failure;
        Optional<SQLException> said = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            innermost = cause;
            said = cause instanceof SQLException problem ? Optional.of(problem) : said;
        }
        String reason = firstSentence(innermost);
        return said.map(Database::firstSentence)
                .filter(sentence -> !sentence.equals(reason))
                .map(sentence -> sentence + ": " + reason)
                .orElse(reason);
    }

    private static String firstSentence(Throwable failure) {
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String line = text.lines().findFirst().orElse("");
        return line.split("\\. |\\.$", 2)[0];
    }
}
