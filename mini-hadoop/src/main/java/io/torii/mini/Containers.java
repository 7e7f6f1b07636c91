package io.torii.mini;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The processes in YARN's containers, which outlive a node manager that is killed. */
final class Containers {
    private Containers() {}

    /** Those of Java, whose command line has all of these words. */
    static List<ProcessHandle> find(List<String> words) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String command = commandLine(process);
                    return process.info().command().orElse("").endsWith("/java")
                            && words.stream().allMatch(command::contains);
                })
                .toList();
    }

    /** Ends every process that was started in one of these directories; returns once they are gone. */
    static void endAll(List<Path> nodeDirectories) {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> nodeDirectories.stream()
                        .anyMatch(directory -> commandLine(process).contains(directory.toString() + "/")))
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        left.forEach(Containers::await);
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            process.destroyForcibly();
        }
    }

    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }
}
