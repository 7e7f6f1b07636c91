package io.torii.server.doctor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out who listens on a port, where the kernel tells: on Linux, of one's own processes, or as root of all. */
final class PortHolder {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private PortHolder() {}

    /** Empty if nobody does or the kernel does not tell. */
    static Optional<ProcessHandle> of(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            sockets.addAll(sockets(PROCESSES.resolve(table), port));
        }
        return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    }

    private static Set<String> sockets(Path table, int port) {
        Set<String> sockets = new HashSet<>();
        String ending = String.format(":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > INODE && columns[ADDRESS].endsWith(ending) && columns[STATE].equals(LISTENING)) {
                    sockets.add("socket:[" + columns[INODE] + "]");
                }
            }
        } catch (IOException elsewhere) {
            return Set.of();
        }
        return sockets;
    }

    private static Optional<ProcessHandle> holder(Set<String> sockets) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(PROCESSES.resolve(process.pid() + "/fd"), sockets))
                .findFirst();
    }

    private static boolean holds(Path descriptors, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException ofOthers) {
            return false;
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
