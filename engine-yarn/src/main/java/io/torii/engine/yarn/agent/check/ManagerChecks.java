package io.torii.engine.yarn.agent.check;

import io.torii.api.check.ClockDifference;
import io.torii.api.check.Finding;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.ResourceManager;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.QueueACL;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.QueueStatistics;
import org.apache.hadoop.yarn.api.records.QueueUserACLInfo;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.spark.SparkConf;

/** What the ResourceManager says of itself, its nodes, its queues and of who may use them. Thread-safe. */
final class ManagerChecks {
    private static final int MOST_NAMES = 20;
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private final ResourceManager manager;
    private final ManagerPages pages;
    private final Login login;

    ManagerChecks(ResourceManager manager, ManagerPages pages, Login login) {
        this.manager = manager;
        this.pages = pages;
        this.login = login;
    }

    String adviceIfSilent() {
        return manager.address().startsWith("0.0.0.0")
                ? "name it in yarn-site.xml (yarn.resourcemanager.hostname or .address) of hadoop-conf-dir"
                : "start it, or correct its address in yarn-site.xml of hadoop-conf-dir";
    }

    Finding answers() throws AgentException {
        List<NodeReport> nodes = nodes();
        List<ManagerPages.Manager> managers = pages.areMany() ? pages.ask() : List.of();
        String who = managers.isEmpty()
                ? "answers at " + manager.address()
                : managers.stream().map(ManagerPages.Manager::words).collect(Collectors.joining(", "));
        if (nodes.isEmpty()) {
            return Finding.fail(
                    Subject.MANAGER.words(),
                    who + ", but none of its nodes is running",
                    "start NodeManagers, and see `yarn node -list -all` for what ails them");
        }
        long memory = nodes.stream().mapToLong(ManagerChecks::memory).sum();
        int cores = nodes.stream()
                .mapToInt(node -> node.getCapability().getVirtualCores())
                .sum();
        String found = who + ", with " + nodes.size() + " running node" + (nodes.size() == 1 ? "" : "s") + ", " + memory
                + " MiB of memory and " + cores + " cores";
        return managers.stream().anyMatch(one -> one.page() == null)
                ? Finding.warn(
                        Subject.MANAGER.words(),
                        found,
                        "start the one that does not answer: nobody takes over if the other dies")
                : Finding.ok(Subject.MANAGER.words(), found);
    }

    Finding clock() {
        Instant asked = Instant.now();
        List<ManagerPages.Manager> managers = pages.ask();
        Instant answered = Instant.now();
        return managers.stream()
                .filter(one -> one.page() != null && one.page().written() != null)
                .findFirst()
                .map(one -> ClockDifference.of(one.page().written().plus(HALF_A_SECOND), asked, answered)
                        .finding(Subject.CLOCK.words(), "the ResourceManager"))
                .orElseGet(() -> Finding.warn(
                        Subject.CLOCK.words(),
                        "it cannot be compared: " + managers.get(0).words(),
                        "let this host reach the ResourceManager's web address, or compare the clocks by hand"));
    }

    Finding memory(Map<String, String> settings) throws AgentException {
        SparkConf spark = new SparkConf(false);
        settings.forEach(spark::set);
        long driver = container(spark, "driver");
        long executor = container(spark, "executor");
        long allowed = manager.ask(client ->
                        client.createApplication().getNewApplicationResponse().getMaximumResourceCapability())
                .getMemorySize();
        long node = nodes().stream().mapToLong(ManagerChecks::memory).max().orElse(0);
        String found = "a driver needs " + driver + " MiB and an executor " + executor + " MiB, of at most " + allowed
                + " MiB a container (yarn.scheduler.maximum-allocation-mb) and " + node + " MiB on the largest node";
        return Math.max(driver, executor) > Math.min(allowed, node)
                ? Finding.fail(
                        Subject.MEMORY.words(),
                        found,
                        "lower spark.driver.memory or spark.executor.memory in the cluster's settings, or have larger"
                                + " containers allowed")
                : Finding.ok(Subject.MEMORY.words(), found);
    }

    Finding proxy(String user) throws AgentException {
        String subject = Subject.MANAGER_PROXY.words();
        String self = login.self().getShortUserName();
        Optional<Finding> needless = needless(subject, self, user);
        if (needless.isPresent()) {
            return needless.get();
        }
        try {
            manager.askAs(user, client -> client.getYarnClusterMetrics());
            return Finding.ok(subject, self + " may act for " + user);
        } catch (AgentException refused) {
            return Finding.fail(subject, ProxyAdvice.said(refused), ProxyAdvice.of(self, user, refused.getMessage()));
        }
    }

    /** If there is nobody to act for. */
    static Optional<Finding> needless(String subject, String self, String user) {
        if (user.isEmpty()) {
            return Optional.of(
                    Finding.ok(subject, "not needed: engines run as " + self + " (yarn.impersonation is false)"));
        }
        return user.equals(self)
                ? Optional.of(Finding.warn(
                        subject,
                        user + " is the gateway's own user, for whom nothing needs to be allowed",
                        "name another with --user"))
                : Optional.empty();
    }

    Finding queue(AgentCall.Check call) throws AgentException {
        String subject = Subject.QUEUE.words();
        String name = call.queue();
        QueueInfo queue = manager.ask(client -> {
            try {
                return client.getQueueInfo(name);
            } catch (YarnException unknown) {
                return null;
            }
        });
        if (queue == null) {
            String known = names(manager.ask(client -> client.getAllQueues()).stream()
                    .filter(one ->
                            one.getChildQueues() == null || one.getChildQueues().isEmpty())
                    .toList());
            return Finding.fail(
                    subject,
                    "there is no queue '" + name + "'; there are: " + known,
                    "set yarn.queue to one of them, or have it made");
        }
        List<QueueInfo> children = manager.ask(client -> client.getChildQueueInfos(name));
        if (!children.isEmpty()) {
            return Finding.fail(
                    subject,
                    "'" + name + "' only holds other queues: " + names(children),
                    "set yarn.queue to one of them");
        }
        if (queue.getQueueState() != QueueState.RUNNING) {
            return Finding.fail(
                    subject,
                    "'" + name + "' is " + queue.getQueueState(),
                    "have it started (state RUNNING, then `yarn rmadmin -refreshQueues`), or set yarn.queue to another");
        }
        SparkConf spark = new SparkConf(false);
        call.spark().forEach(spark::set);
        return room(name, queue.getQueueStatistics(), container(spark, "driver"));
    }

    Finding access(AgentCall.Check call) throws AgentException {
        String subject = Subject.SUBMISSION.words();
        String who = call.user().isEmpty() ? login.self().getShortUserName() : call.user();
        String leaf = call.queue().substring(call.queue().lastIndexOf('.') + 1);
        boolean allowed = manager.askAs(call.user(), client -> client.getQueueAclsInfo()).stream()
                .filter(one -> one.getQueueName().equals(call.queue())
                        || one.getQueueName().equals(leaf)
                        || one.getQueueName().endsWith("." + call.queue()))
                .map(QueueUserACLInfo::getUserAcls)
                .anyMatch(rights ->
                        rights.contains(QueueACL.SUBMIT_APPLICATIONS) || rights.contains(QueueACL.ADMINISTER_QUEUE));
        if (allowed) {
            return Finding.ok(subject, who + " may submit to '" + call.queue() + "'");
        }
        String found = who + " may not submit to '" + call.queue() + "'";
        String allow = "allow it (acl_submit_applications of the queue), or set yarn.queue to another";
        return call.user().isEmpty() || call.named()
                ? Finding.fail(subject, found, allow)
                : Finding.warn(subject, found, "name a user who shall with --user; or " + allow);
    }

    private static String names(List<QueueInfo> queues) {
        String names = queues.stream()
                .map(QueueInfo::getQueueName)
                .sorted()
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
        return queues.size() > MOST_NAMES ? names + " and " + (queues.size() - MOST_NAMES) + " more" : names;
    }

    /** Schedulers that do not say how much a queue has left say nothing at all. */
    private static Finding room(String name, QueueStatistics statistics, long driver) {
        String subject = Subject.QUEUE.words();
        long free = statistics == null ? 0 : statistics.getAvailableMemoryMB();
        long used = statistics == null ? 0 : statistics.getAllocatedMemoryMB();
        if (free + used == 0) {
            return Finding.ok(subject, "'" + name + "' is RUNNING");
        }
        String found = "'" + name + "' is RUNNING, with " + used + " MiB in use and " + free + " MiB left";
        if (free >= driver) {
            return Finding.ok(subject, found);
        }
        return free + used < driver
                ? Finding.fail(
                        subject,
                        found + ", where an engine's driver needs " + driver + " MiB",
                        "have the queue made larger (maximum-capacity), lower spark.driver.memory, or set yarn.queue to"
                                + " another")
                : Finding.warn(
                        subject,
                        found + ": an engine that starts now waits for " + driver + " MiB",
                        "wait, or have the queue made larger (maximum-capacity)");
    }

    private List<NodeReport> nodes() throws AgentException {
        return manager.ask(client -> client.getNodeReports(NodeState.RUNNING));
    }

    private static long memory(NodeReport node) {
        return node.getCapability().getMemorySize();
    }

    /** As Spark reckons it: what it asks YARN for, in mebibytes. */
    private static long container(SparkConf spark, String role) {
        String name = "spark." + role + ".";
        long heap = spark.getSizeAsMb(name + "memory", "1g");
        long more = role.equals("executor") ? besideTheHeap(spark) : 0;
        if (spark.contains(name + "memoryOverhead")) {
            return heap + more + spark.getSizeAsMb(name + "memoryOverhead");
        }
        double share = spark.getDouble(name + "memoryOverheadFactor", 0.10);
        return heap + more + Math.max(384, (long) (heap * share));
    }

    private static long besideTheHeap(SparkConf spark) {
        long offHeap = spark.getBoolean("spark.memory.offHeap.enabled", false)
                ? spark.getSizeAsBytes("spark.memory.offHeap.size", "0") >> 20
                : 0;
        return offHeap + spark.getSizeAsMb("spark.executor.pyspark.memory", "0");
    }
}
