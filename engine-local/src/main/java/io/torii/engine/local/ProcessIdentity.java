package io.torii.engine.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process for ever: its number and what tells it from a later process with the same number. Immutable, thread-safe.
 *
 * @param pid its number
 * @param birth when it started, as exactly as the system tells
 */
record ProcessIdentity(long pid, String birth) {
    private static final Path PROC = Path.of("/proc");

    static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(process.pid(), birthOf(process).orElse(""));
    }

    /** The process, if it runs; one that took over its number is another. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(process -> birthOf(process)
                .equals(Optional.of(birth)));
    }

    boolean isAlive() {
        return process().isPresent();
    }

    /** Empty for a process that is gone, or dead and not yet buried by its parent. */
    private static Optional<String> birthOf(ProcessHandle process) {
        if (Files.isReadable(PROC.resolve("self/stat"))) {
            return linuxBirthOf(process.pid());
        }
        return process.info().startInstant().map(instant -> "instant " + instant.toEpochMilli());
    }

    /** Ticks since boot: unlike the instant made from them, they do not move when the clock is set. */
    private static Optional<String> linuxBirthOf(long pid) {
        try {
            String stat =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return dead ? Optional.empty() : Optional.of("boot " + boot() + " ticks " + fields[19]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static String boot() throws IOException {
        Path id = PROC.resolve("sys/kernel/random/boot_id");
        return Files.isReadable(id) ? Files.readString(id).strip() : "-";
    }
}
