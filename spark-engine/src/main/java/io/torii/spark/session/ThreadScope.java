package io.torii.spark.session;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CurrentUserContext;

/**
 * What Spark reads from the thread that works for a session: its user, its SparkSession, its class loader, its job group.
 * Entered and closed by the same thread.
 *
 * <p>The user is visible to {@code current_user()} and, by local properties, to authorisation plug-ins, but the thread does
 * not act as him towards file systems: tasks run as the engine's own user in any case, and files that are half one's and half
 * the other's help nobody. Which user an engine runs as is decided when it is launched.
 */
final class ThreadScope implements AutoCloseable {
    private static final String USER = "torii.session.user";
    private static final String USER_FOR_RANGER = "kyuubi.session.user";
    private static final String POOL = "spark.scheduler.pool";

    private final SparkContext spark;
    private final Thread thread = Thread.currentThread();
    private final ClassLoader loader = thread.getContextClassLoader();

    private ThreadScope(SparkContext spark) {
        this.spark = spark;
    }

    /** For a statement: its jobs are known by its id. */
    static ThreadScope enter(SparkSession session, String user, Statement statement) {
        ThreadScope scope = enter(session, user);
        scope.spark.setJobGroup(statement.id(), statement.description(), true);
        scope.spark.setLocalProperty(JobWatch.STATEMENT_PROPERTY, statement.id());
        return scope;
    }

    /** For work that belongs to no statement. */
    static ThreadScope enter(SparkSession session, String user) {
        SparkContext spark = session.sparkContext();
        ThreadScope scope = new ThreadScope(spark);
        scope.thread.setContextClassLoader(session.sharedState().jarClassLoader());
        CurrentUserContext.CURRENT_USER().set(user);
        SparkSession.setActiveSession(session);
        spark.setLocalProperty(USER, user);
        spark.setLocalProperty(USER_FOR_RANGER, user);
        spark.setLocalProperty(POOL, session.conf().get(POOL, null));
        return scope;
    }

    @Override
    public void close() {
        spark.clearJobGroup();
        spark.setLocalProperty(JobWatch.STATEMENT_PROPERTY, null);
        spark.setLocalProperty(USER, null);
        spark.setLocalProperty(USER_FOR_RANGER, null);
        spark.setLocalProperty(POOL, null);
        SparkSession.clearActiveSession();
        CurrentUserContext.CURRENT_USER().remove();
        thread.setContextClassLoader(loader);
    }
}
