package io.torii.server.main;

import io.torii.server.admin.AdminToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a running gateway's admin port. */
final class StatusClient {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int OK = 200;

    private StatusClient() {}

    /** The gateway's {@code /status}, as JSON; fails in one sentence. */
    static String ask(String host, int port, Path workDirectory) throws IOException {
        String header;
        try {
            header = AdminToken.header(workDirectory);
        } catch (IOException e) {
            throw new IOException(
                    "its token cannot be read (" + e.getMessage() + "); ask as the gateway's own user", e);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + reachable(host) + ":" + port + "/status"))
                .header("Authorization", header)
                .timeout(ANSWER_LIMIT)
                .build();
        HttpResponse<String> answer;
        try {
            answer = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_LIMIT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was not waited for", e);
        } catch (IOException e) {
            throw new IOException(
                    "the admin port " + host + ":" + port + " does not answer"
                            + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                    e);
        }
        if (answer.statusCode() != OK) {
            throw new IOException("the admin port " + host + ":" + port + " answered " + answer.statusCode() + ": "
                    + answer.body().strip());
        }
        return answer.body();
    }

    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }
}
