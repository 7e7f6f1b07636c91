package io.torii.server.doctor;

import static java.util.Objects.requireNonNull;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs all checks, one after the other, whatever they find, and waits for none longer than its limit. One thread at a time. */
public final class Doctor {
    private final ExecutorService threads;
    private final Consumer<Finding> heard;

    /**
     * @param threads one is lost for each check that does not even end when it is interrupted
     * @param heard of every finding, once there is one
     */
    public Doctor(ExecutorService threads, Consumer<Finding> heard) {
        this.threads = requireNonNull(threads, "threads");
        this.heard = requireNonNull(heard, "heard");
    }

    /** Returns once all have been run. */
    public Diagnosis examine(List<Check> checks) throws InterruptedException {
        Diagnosis diagnosis = Diagnosis.NOTHING;
        for (Check check : checks) {
            for (Finding finding : findings(check)) {
                heard.accept(finding);
                diagnosis = diagnosis.with(finding);
            }
        }
        return diagnosis;
    }

    private List<Finding> findings(Check check) throws InterruptedException {
        Future<List<Finding>> looking = threads.submit(check::look);
        try {
            return looking.get(check.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return List.of(
                    Finding.fail(
                            check.subject(),
                            "no answer within " + check.limit().toSeconds() + " s",
                            "see what it waits for: a disk, a name server or a server that takes connections and says nothing"));
        } catch (ExecutionException failure) {
            return List.of(Finding.fail(
                    check.subject(),
                    "it could not be looked at: " + failure.getCause(),
                    "report it: this is a fault of the doctor"));
        } finally {
            looking.cancel(true);
        }
    }
}
