package io.torii.spark.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hive.service.rpc.thrift.TJobExecutionStatus;
import org.apache.hive.service.rpc.thrift.TProgressUpdateResp;

/**
 * How far the jobs of one statement are: a table of stages as Hive's clients draw it, and lines for its log. Told by
 * {@link JobWatch}, read by polls. Thread-safe.
 */
final class StatementProgress {
    private static final List<String> HEADERS = Collections.unmodifiableList(Arrays.asList(
            "STAGES", "ATTEMPT", "STATUS", "TOTAL", "COMPLETED", "RUNNING", "PENDING", "FAILED", "KILLED"));
    private static final int MAX_STAGES = 200;
    private static final int MAX_ROWS = 20;
    private static final long LINE_EVERY_MILLIS = 1000;

    private final OperationLog log;
    private final Map<Integer, Stage> stages = new LinkedHashMap<>();
    private int jobs;
    private int jobsDone;
    private long tasksOfForgotten;

    StatementProgress(OperationLog log) {
        this.log = log;
    }

    private static final class Stage {
        private final int id;
        private int attempt;
        private int total;
        private int completed;
        private int running;
        private int failed;
        private int killed;
        private String status = "PENDING";
        private long lineAt;

        private Stage(int id, int total) {
            this.id = id;
            this.total = total;
        }

        private int percent() {
            return total == 0 ? 100 : (int) (100L * completed / total);
        }

        private List<String> row() {
            return Arrays.asList(
                    "Stage-" + id,
                    Integer.toString(attempt),
                    status,
                    Integer.toString(total),
                    Integer.toString(completed),
                    Integer.toString(running),
                    Integer.toString(Math.max(0, total - completed - running)),
                    Integer.toString(failed),
                    Integer.toString(killed));
        }
    }

    /** @param sizes tasks by stage id */
    synchronized void jobStarted(int job, Map<Integer, Integer> sizes) {
        jobs++;
        sizes.forEach((id, tasks) -> stages.computeIfAbsent(id, number -> new Stage(number, tasks)));
        forgetOldest();
        int tasks = sizes.values().stream().mapToInt(Integer::intValue).sum();
        log.info("Launching Job " + jobs + " out of " + jobs);
        log.info("Spark job " + job + " started: " + count(sizes.size(), "stage") + ", " + count(tasks, "task"));
    }

    synchronized void jobEnded(int job, boolean succeeded, long millis, Iterable<Integer> itsStages) {
        jobsDone++;
        for (int id : itsStages) {
            Stage stage = stages.get(id);
            if (stage != null && stage.status.equals("PENDING")) {
                // its output was there already
                stage.status = "SKIPPED";
                stage.completed = stage.total;
            }
        }
        String end = succeeded ? "finished" : "failed";
        log.info("Spark job " + job + " " + end + " after " + millis + " ms");
    }

    synchronized void stageStarted(int id, int attempt, int tasks) {
        Stage stage = stages.get(id);
        if (stage != null) {
            stage.attempt = attempt;
            stage.total = attempt == 0 ? tasks : Math.max(stage.total, stage.completed + tasks);
            stage.status = "RUNNING";
        }
    }

    synchronized void stageEnded(int id, boolean succeeded) {
        Stage stage = stages.get(id);
        if (stage != null) {
            stage.status = succeeded ? "FINISHED" : "FAILED";
            stage.running = 0;
            line(stage);
        }
    }

    synchronized void taskStarted(int id) {
        Stage stage = stages.get(id);
        if (stage != null) {
            stage.running++;
        }
    }

    synchronized void taskEnded(int id, boolean succeeded, boolean killed, long nowMillis) {
        Stage stage = stages.get(id);
        if (stage == null) {
            return;
        }
        stage.running = Math.max(0, stage.running - 1);
        if (succeeded) {
            stage.completed = Math.min(stage.total, stage.completed + 1);
        } else if (killed) {
            stage.killed++;
        } else {
            stage.failed++;
        }
        if (nowMillis - stage.lineAt >= LINE_EVERY_MILLIS && stage.completed < stage.total) {
            stage.lineAt = nowMillis;
            line(stage);
        }
    }

    /** @param ended whether the statement has come to its end */
    synchronized TProgressUpdateResp table(boolean ended, long startedAtMillis) {
        if (jobs == 0) {
            return new TProgressUpdateResp(
                    Collections.emptyList(),
                    Collections.emptyList(),
                    0.0,
                    TJobExecutionStatus.NOT_AVAILABLE,
                    "",
                    startedAtMillis);
        }
        List<List<String>> rows = new ArrayList<>();
        long total = tasksOfForgotten;
        long completed = tasksOfForgotten;
        int done = 0;
        int skip = Math.max(0, stages.size() - MAX_ROWS);
        for (Stage stage : stages.values()) {
            total += stage.total;
            completed += stage.completed;
            done += stage.completed == stage.total ? 1 : 0;
            if (skip-- <= 0) {
                rows.add(stage.row());
            }
        }
        double fraction = ended || total == 0 ? 1.0 : (double) completed / total;
        return new TProgressUpdateResp(
                HEADERS,
                rows,
                fraction,
                ended ? TJobExecutionStatus.COMPLETE : TJobExecutionStatus.IN_PROGRESS,
                String.format("STAGES: %02d/%02d, JOBS: %d/%d", done, stages.size(), jobsDone, jobs),
                startedAtMillis);
    }

    private void line(Stage stage) {
        int percent = stage.percent();
        log.info("Stage-" + stage.id + " map = " + percent + "%,  reduce = " + percent + "%");
    }

    private void forgetOldest() {
        Iterator<Stage> oldest = stages.values().iterator();
        while (stages.size() > MAX_STAGES && oldest.hasNext()) {
            Stage stage = oldest.next();
            if (!stage.status.equals("RUNNING")) {
                tasksOfForgotten += stage.total;
                oldest.remove();
            }
        }
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
