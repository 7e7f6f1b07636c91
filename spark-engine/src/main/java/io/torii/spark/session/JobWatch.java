package io.torii.spark.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import scala.collection.JavaConverters;

/**
 * Tells statements how far their jobs are, and cancels jobs that start for a statement which has ended: a cancel does not
 * reach a job that is submitted a moment later. Thread-safe.
 */
final class JobWatch extends SparkListener {
    /** The local property that holds the id of the statement for which a thread works. */
    static final String STATEMENT_PROPERTY = "torii.statement";

    private final SparkContext spark;
    private final ConcurrentMap<String, Statement> statements = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, Job> jobs = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, StatementProgress> stages = new ConcurrentHashMap<>();

    JobWatch(SparkContext spark) {
        this.spark = spark;
    }

    private static final class Job {
        private final StatementProgress progress;
        private final long startedAt;
        private final Map<Integer, Integer> sizes;

        private Job(StatementProgress progress, long startedAt, Map<Integer, Integer> sizes) {
            this.progress = progress;
            this.startedAt = startedAt;
            this.sizes = sizes;
        }
    }

    void watch(Statement statement) {
        statements.put(statement.id(), statement);
    }

    void forget(Statement statement) {
        statements.remove(statement.id(), statement);
    }

    Optional<String> trackingUrl() {
        return spark.uiWebUrl().isDefined() ? Optional.of(spark.uiWebUrl().get() + "/jobs/") : Optional.empty();
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        Properties properties = start.properties();
        String id = properties == null ? null : properties.getProperty(STATEMENT_PROPERTY);
        if (id == null) {
            return;
        }
        Statement statement = statements.get(id);
        if (statement == null || statement.needsNoJobs()) {
            spark.cancelJob(start.jobId(), "its statement has ended");
            return;
        }
        Map<Integer, Integer> sizes = new LinkedHashMap<>();
        for (StageInfo stage : JavaConverters.seqAsJavaList(start.stageInfos())) {
            sizes.put(stage.stageId(), stage.numTasks());
        }
        StatementProgress progress = statement.progress();
        sizes.keySet().forEach(stage -> stages.put(stage, progress));
        jobs.put(start.jobId(), new Job(progress, start.time(), sizes));
        trackingUrl().ifPresent(statement::tracked);
        progress.jobStarted(start.jobId(), sizes);
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd end) {
        Job job = jobs.remove(end.jobId());
        if (job != null) {
            boolean succeeded = end.jobResult() instanceof JobSucceeded$;
            job.progress.jobEnded(end.jobId(), succeeded, end.time() - job.startedAt, job.sizes.keySet());
            job.sizes.keySet().forEach(stage -> stages.remove(stage, job.progress));
        }
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        StageInfo stage = submitted.stageInfo();
        StatementProgress progress = stages.get(stage.stageId());
        if (progress != null) {
            progress.stageStarted(stage.stageId(), stage.attemptNumber(), stage.numTasks());
        }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted completed) {
        StageInfo stage = completed.stageInfo();
        StatementProgress progress = stages.get(stage.stageId());
        if (progress != null) {
            progress.stageEnded(stage.stageId(), stage.failureReason().isEmpty());
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        StatementProgress progress = stages.get(start.stageId());
        if (progress != null) {
            progress.taskStarted(start.stageId());
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        StatementProgress progress = stages.get(end.stageId());
        if (progress != null) {
            progress.taskEnded(
                    end.stageId(),
                    end.reason() instanceof Success$,
                    end.reason() instanceof TaskKilled,
                    end.taskInfo().finishTime());
        }
    }
}
