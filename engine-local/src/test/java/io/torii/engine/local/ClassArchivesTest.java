package io.torii.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchivesTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    private Path directory;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private ClassArchives archives;
    private List<Path> classPath;
    private Path list;

    @BeforeEach
    void makeAJar() throws IOException {
        archives =
                new ClassArchives(directory.resolve("classes"), JAVA_HOME, Clock.systemUTC(), scheduler, Runnable::run);
        Path jar = directory.resolve("program.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry(StandIn.class.getName().replace('.', '/') + ".class"));
            out.write(StandIn.class
                    .getResourceAsStream(StandIn.class.getSimpleName() + ".class")
                    .readAllBytes());
        }
        classPath = List.of(jar);
        list = directory.resolve("classes.list");
    }

    @AfterEach
    void stop() {
        archives.close();
        scheduler.shutdownNow();
    }

    @Test
    void theFirstProcessListsItsClassesAndTheNextMapsTheirArchive() throws Exception {
        assertThat(archives.optionsFor(classPath, list)).containsExactly("-XX:DumpLoadedClassList=" + list);
        assertThat(run(archives.optionsFor(classPath, list))).isEqualTo(7);

        archives.learn(classPath, list);
        awaitArchive();

        List<String> options = new ArrayList<>(archives.optionsFor(classPath, list));
        assertThat(options).anyMatch(option -> option.startsWith("-XX:SharedArchiveFile=" + directory));
        options.add("-Xshare:on"); // fails if the archive cannot be mapped
        assertThat(run(options)).isEqualTo(7);
    }

    @Test
    void aChangedJarHasAnArchiveOfItsOwn() throws Exception {
        run(archives.optionsFor(classPath, list));
        archives.learn(classPath, list);
        awaitArchive();

        Files.write(classPath.get(0), new byte[1], StandardOpenOption.APPEND);

        assertThat(archives.optionsFor(classPath, list)).containsExactly("-XX:DumpLoadedClassList=" + list);
    }

    @Test
    void aBrokenArchiveCostsNothingButSpeed() throws Exception {
        run(archives.optionsFor(classPath, list));
        archives.learn(classPath, list);
        Path archive = awaitArchive();
        Files.delete(archive);
        Files.writeString(archive, "no archive");

        assertThat(run(archives.optionsFor(classPath, list))).isEqualTo(7);
    }

    @Test
    void anArchiveThatMayHaveBroughtAProcessDownIsForgotten() throws Exception {
        run(archives.optionsFor(classPath, list));
        archives.learn(classPath, list);
        awaitArchive();

        archives.discard(classPath);

        assertThat(archives.optionsFor(classPath, list)).containsExactly("-XX:DumpLoadedClassList=" + list);
    }

    private int run(List<String> options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(JAVA_HOME.resolve("bin/java").toString()));
        command.addAll(options);
        Path launchFile = directory.resolve("launch");
        command.addAll(
                List.of("-cp", classPath.get(0).toString(), StandIn.class.getName(), "exits", launchFile.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Path awaitArchive() throws IOException {
        Await.until(scheduler, () -> !made().isEmpty());
        return made().get(0);
    }

    private List<Path> made() throws IOException {
        try (var files = Files.list(directory.resolve("classes"))) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }
}
