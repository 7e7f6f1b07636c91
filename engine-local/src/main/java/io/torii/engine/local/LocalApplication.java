package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.Application;
import io.torii.api.engine.LaunchTag;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A running engine that this gateway watches, whether it started it or found it. Thread-safe. */
final class LocalApplication {
    private final LaunchTag tag;
    private final ProcessIdentity process;
    private final CompletableFuture<Application> end = new CompletableFuture<>();
    private volatile boolean killed;
    private volatile List<ProcessHandle> children = List.of();

    LocalApplication(LaunchTag tag, ProcessIdentity process) {
        this.tag = requireNonNull(tag, "tag");
        this.process = requireNonNull(process, "process");
    }

    LaunchTag tag() {
        return tag;
    }

    ProcessIdentity process() {
        return process;
    }

    String id() {
        return Long.toString(process.pid());
    }

    Application alive() {
        return Application.running(tag, id());
    }

    CompletableFuture<Application> end() {
        return end;
    }

    boolean isKilled() {
        return killed;
    }

    /** Asks the process to end. Its children are remembered: once it is gone, nobody could tell whose they were. */
    void terminate() {
        killed = true;
        process.process().ifPresent(running -> {
            children = running.descendants().toList();
            running.destroy();
        });
    }

    /** Ends the process and what it has started, without asking. */
    void destroy() {
        process.process().ifPresent(running -> {
            children = running.descendants().toList();
            running.destroyForcibly();
        });
        destroyChildren();
    }

    void destroyChildren() {
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
