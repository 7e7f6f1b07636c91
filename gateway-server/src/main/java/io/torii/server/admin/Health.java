package io.torii.server.admin;

import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Whether the gateway lives, and whether it can serve. Blocks no thread. Thread-safe. */
public final class Health {
    private final List<Part> parts;
    private final Duration limit;

    /** @param limit how long a part may take to say that it is well */
    public Health(List<Part> parts, Duration limit) {
        this.parts = List.copyOf(parts);
        this.limit = requireNonNull(limit, "limit");
    }

    /** Something without which the gateway cannot serve. */
    @FunctionalInterface
    public interface Check {
        /** What is wrong, in one sentence, or empty; returns at once. A failure is something wrong, too. */
        CompletableFuture<Optional<String>> problem();
    }

    /** @param name for machines: {@code store} */
    public record Part(String name, Check check) {
        public Part {
            requireNonNull(name, "name");
            requireNonNull(check, "check");
        }
    }

    /** Why it should be ended and started again, by part; empty if it should not. */
    Map<String, String> mortal() {
        long[] stuck = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        return stuck == null ? Map.of() : Map.of("threads", stuck.length + " threads wait for each other for ever");
    }

    /** Why clients should be sent elsewhere, by part; empty if they are welcome. Completes normally, within the limit. */
    CompletableFuture<Map<String, String>> unready() {
        List<CompletableFuture<Optional<String>>> answers =
                parts.stream().map(this::problemOf).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<String, String> problems = new LinkedHashMap<>();
                    for (int part = 0; part < parts.size(); part++) {
                        String name = parts.get(part).name();
                        answers.get(part).join().ifPresent(problem -> problems.put(name, problem));
                    }
                    return problems;
                });
    }

    private CompletableFuture<Optional<String>> problemOf(Part part) {
        CompletableFuture<Optional<String>> answer;
        try {
            answer = part.check().problem().copy();
        } catch (RuntimeException failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        return answer.completeOnTimeout(
                        Optional.of("The " + part.name() + " does not answer within " + limit.toMillis() + " ms"),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS)
                .exceptionally(failure -> Optional.of(sentence(part, failure)));
    }

    private static String sentence(Part part, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String message = cause.getMessage();
        return message == null ? "The " + part.name() + " failed: " + cause : message;
    }
}
