package io.torii.it.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/** Clients of the HTTP port, whose calls go over whatever connection is free. Thread-safe. */
final class HttpConnector implements Calls.Connector {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;
    private final String credentials;

    HttpConnector(int port, String user) {
        this.address = URI.create("http://127.0.0.1:" + port + "/cliservice");
        this.credentials =
                "Basic " + Base64.getEncoder().encodeToString((user + ":x").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public CompletableFuture<Calls> connect(int number) {
        return CompletableFuture.completedFuture(new Calls() {
            @Override
            public CompletableFuture<byte[]> call(byte[] message) {
                return answer(message);
            }

            @Override
            public void close() {
                // no connection is its own
            }
        });
    }

    private CompletableFuture<byte[]> answer(byte[] message) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", credentials)
                .header("Content-Type", "application/x-thrift")
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenApply(response -> {
            if (response.statusCode() != OK) {
                throw new IllegalStateException("HTTP status " + response.statusCode());
            }
            return response.body();
        });
    }
}
