package io.torii.server.main;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Takes a work directory and keeps it until it is killed or its input ends. */
public final class DirectoryHolder {
    private DirectoryHolder() {}

    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        try (WorkDirectory directory = WorkDirectory.take(path)) {
            directory.publish(Map.of("thrift", 10_009, "home", 10_010));
            System.out.println("taken");
            while (System.in.read() >= 0) {
                System.out.println("still here");
            }
        }
    }
}
