package io.torii.mini;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code hdfs dfs}, run by the file system's administrator, each time as a process of its own. One thread at a time. */
final class FileShell {
    private static final String PROGRAM = "org.apache.hadoop.fs.FsShell";

    private final Path directory;
    private final Path configuration;
    private final Optional<Kerberos> kerberos;
    private int runs;

    /** @param directory for what it leaves behind */
    FileShell(Path directory, Path configuration, Optional<Kerberos> kerberos) {
        this.directory = directory;
        this.configuration = configuration;
        this.kerberos = kerberos;
    }

    /** What it prints. Fails if the command does. */
    String run(List<String> command) throws IOException {
        return run(administrators(command));
    }

    /** What it prints for whoever has these tokens. Fails if the command does. */
    String run(Path tokens, List<String> command) throws IOException {
        Map<String, String> environment = new TreeMap<>(environment());
        environment.put("HADOOP_TOKEN_FILE_LOCATION", tokens.toString());
        return run(new Daemon(PROGRAM, command, Daemon.hadoop(), configuration, own(), environment));
    }

    private static String run(Daemon shell) throws IOException {
        shell.start();
        shell.awaitEnd();
        return Files.readString(shell.output()).strip();
    }

    private Map<String, String> environment() {
        return kerberos.map(Kerberos::environment).orElseGet(Map::of);
    }

    private Path own() {
        return directory.resolve(Integer.toString(runs++));
    }

    private Daemon administrators(List<String> command) throws IOException {
        if (kerberos.isEmpty()) {
            return new Daemon(PROGRAM, command, Daemon.hadoop(), configuration, own(), Map.of());
        }
        Kerberos realm = kerberos.get();
        List<String> login =
                List.of(realm.principal("hdfs"), realm.keytab("hdfs").toString(), PROGRAM);
        return new Daemon(
                "io.torii.mini.daemon.KeytabMain",
                Stream.concat(login.stream(), command.stream()).toList(),
                Daemon.hadoop(),
                configuration,
                own(),
                environment());
    }
}
