package io.torii.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A small program in place of Spark; its first argument says how it behaves, its second is its launch file. */
public final class StandIn {
    private StandIn() {}

    public static void main(String[] arguments) throws Exception {
        Files.deleteIfExists(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "lasts" -> forEver();
            case "is-deaf" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(StandIn::forEver));
                forEver();
            }
            case "has-a-child" -> {
                Process child = new ProcessBuilder("sleep", "600").start();
                Files.writeString(Path.of(arguments[1]).resolveSibling("child"), Long.toString(child.pid()));
                forEver();
            }
            case "says-why" -> {
                print(List.of("Exception in thread \"other\" java.lang.IllegalStateException: noise"));
                print(List.of("Torii engine failed: The gateway refused the token"));
                throw new IllegalStateException("after the word");
            }
            case "throws" ->
                throw new IllegalStateException(
                        "outer", new IOException("No route to host", new IllegalArgumentException("port 0")));
            case "runs-out-of-memory" -> {
                byte[][] blocks = new byte[1 << 20][];
                for (int i = 0; i < blocks.length; i++) {
                    blocks[i] = new byte[1 << 20];
                }
                print(List.of("" + blocks.length));
            }
            case "exits" -> Runtime.getRuntime().halt(7);
            case "kills-itself" -> {
                new ProcessBuilder(
                                "kill",
                                "-9",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
                forEver();
            }
            case "talks" -> {
                for (int i = 1; i <= 5_000; i++) {
                    print(List.of("line " + i));
                }
                forEver();
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void print(List<String> lines) {
        lines.forEach(System.out::println);
    }

    private static void forEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
