package io.torii.it.load;

import io.torii.it.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is in use while nobody works; of processes that live at that moment.
 *
 * @param gateway the gateway's threads and heap
 * @param gatewayFiles files and connections that the gateway has open
 * @param engineThreads of all engines
 * @param engineHeap of all engines, after a collection
 * @param engineFiles files and connections that engines have open
 * @param temporaryFiles spilled rows and the like, of all engines that ever were
 */
record Residue(
        ProcessUse gateway,
        long gatewayFiles,
        long engineThreads,
        long engineHeap,
        long engineFiles,
        long temporaryFiles,
        long engines) {
    /** What caches, pools and compiled code may have grown by. */
    private static final long MORE_HEAP = 32L << 20;

    private static final long MORE_ENGINE_HEAP = 160L << 20;
    private static final int MORE_THREADS = 12;
    private static final int MORE_FILES = 40;
    private static final int MORE_TEMPORARY_FILES = 4;

    static Residue of(World world) throws IOException, InterruptedException {
        long gateway = world.gateway().pid();
        List<ProcessHandle> engines = world.engines();
        long threads = 0;
        long heap = 0;
        long files = 0;
        for (ProcessHandle engine : engines) {
            ProcessUse use = ProcessUse.of(engine.pid());
            threads += use.threads();
            heap += use.heapBytes();
            files += openFiles(engine.pid());
        }
        return new Residue(
                ProcessUse.of(gateway),
                openFiles(gateway),
                threads,
                heap,
                files,
                temporaryFiles(world.workDirectory().resolve("clusters")),
                engines.size());
    }

    /** Whether nothing has stayed behind since then. */
    boolean isBackAt(Residue before) {
        return lines(before).stream().allMatch(Line::isBack);
    }

    /** A line for each thing, with what it was before. */
    String table(Residue before) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-32s %14s %14s%n", "", "before", "after"));
        for (Line line : lines(before)) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-32s %14d %14d%s%n",
                    line.what(),
                    line.before(),
                    line.after(),
                    line.isBack() ? "" : "  <-- more than " + line.allowed() + " above"));
        }
        return table.toString();
    }

    private record Line(String what, long before, long after, long allowed) {
        boolean isBack() {
            return after <= before + allowed;
        }
    }

    private List<Line> lines(Residue before) {
        return List.of(
                new Line("gateway: heap, bytes", before.gateway.heapBytes(), gateway.heapBytes(), MORE_HEAP),
                new Line("gateway: threads", before.gateway.threads(), gateway.threads(), MORE_THREADS),
                new Line("gateway: open files", before.gatewayFiles, gatewayFiles, MORE_FILES),
                new Line("engines", before.engines, engines, 0),
                new Line("engines: heap, bytes", before.engineHeap, engineHeap, MORE_ENGINE_HEAP),
                new Line("engines: threads", before.engineThreads, engineThreads, MORE_THREADS),
                new Line("engines: open files", before.engineFiles, engineFiles, MORE_FILES),
                new Line("temporary files", before.temporaryFiles, temporaryFiles, MORE_TEMPORARY_FILES));
    }

    private static long openFiles(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        }
    }

    private static long temporaryFiles(Path clusters) throws IOException {
        try (Stream<Path> files = Files.walk(clusters)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> isTemporary(clusters.relativize(file)))
                    .count();
        }
    }

    /** Below {@code <cluster>/engines/<tag>/local} or {@code tmp}. */
    private static boolean isTemporary(Path file) {
        return file.getNameCount() > 4
                && (file.getName(3).endsWith("local") || file.getName(3).endsWith("tmp"));
    }
}
