package io.torii.mini;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The processes in YARN's containers, which outlive a node manager that is killed. */
final class Containers {
    private Containers() {}

    /** Ends every process that was started in one of these directories; returns once they are gone. */
    static void endAll(List<Path> nodeDirectories) {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> nodeDirectories.stream()
                        .anyMatch(directory -> commandLine(process).contains(directory.toString() + "/")))
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        left.forEach(process -> {
            try {
                process.onExit().get(10, TimeUnit.SECONDS);
            } catch (Exception late) {
                process.destroyForcibly();
            }
        });
    }

    private static String commandLine(ProcessHandle process) {
        return Optional.of(process.info())
                .flatMap(ProcessHandle.Info::commandLine)
                .orElse("");
    }
}
