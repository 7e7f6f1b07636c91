package io.torii.spark.catalog;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One catalog as metadata operations ask it. What it cannot do at all it answers with nothing, what is broken in it it leaves
 * out; it throws only if nothing can be said. Thread-safe.
 */
abstract class Source {
    private static final Logger log = LoggerFactory.getLogger(Source.class);
    private static final Pattern SPACE = Pattern.compile("\\s+");

    final String name;

    Source(String name) {
        this.name = requireNonNull(name, "name");
    }

    abstract List<String> schemas(NamePattern schemas);

    /** Tables and views without their columns: nothing is loaded for each of them. */
    abstract List<Relation> relations(NamePattern schemas, NamePattern names);

    /** Tables and views with their columns. */
    abstract List<Relation> loaded(NamePattern schemas, NamePattern names);

    abstract List<NamedFunction> functions(NamePattern schemas, NamePattern names);

    /**
     * The answer, or nothing if it fails, which is logged: one broken part must not hide the others. An interrupt ends it all.
     *
     * @param what names the part that is asked
     */
    static <T> List<T> orNothing(String what, Callable<? extends List<T>> question) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return question.call();
        } catch (UnsupportedOperationException | NoSuchNamespaceException e) {
            return Collections.emptyList();
        } catch (Exception | LinkageError e) {
            failIfInterrupted(e);
            log.warn(
                    "left out of a listing what={} reason={}",
                    what,
                    SPACE.matcher(e.toString()).replaceAll(" "));
            return Collections.emptyList();
        }
    }

    /** Whatever libraries make of an interrupt, it is not one more broken part. */
    static void failIfInterrupted(Throwable thrown) {
        if (thrown instanceof CancellationException) {
            throw (CancellationException) thrown;
        }
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (Throwable cause = thrown; cause != null && !interrupted; cause = cause.getCause()) {
            interrupted = cause instanceof InterruptedException;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The listing of catalogs was interrupted");
        }
    }
}
