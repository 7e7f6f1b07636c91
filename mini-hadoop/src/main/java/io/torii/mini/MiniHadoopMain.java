package io.torii.mini;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Hadoop for people, with a metastore: runs until its input ends or it is told to end, and leaves no process. Arguments: an
 * empty directory, a Spark home. The first line that it prints is the directory of the site files.
 */
public final class MiniHadoopMain {
    private MiniHadoopMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("expected: DIRECTORY SPARK_HOME");
            System.exit(2);
        }
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        MiniHadoop hadoop = MiniHadoop.start(directory, MiniHadoopShape.small().withMetastore(Path.of(arguments[1])));
        Runtime.getRuntime().addShutdownHook(new Thread(hadoop::close));
        System.out.println("configuration " + hadoop.configuration());
        System.out.println("resource manager " + hadoop.resourceManager());
        System.out.println("file system " + hadoop.fileSystem());
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
