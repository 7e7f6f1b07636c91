package io.torii.mini;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** The web services of Hadoop's daemons, of which any may be silent. Thread-safe. */
final class Pages {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** Empty if it does not answer, or with a failure. */
    Optional<String> get(URI address) {
        return send(HttpRequest.newBuilder(address).GET());
    }

    /** As {@link #get}. */
    Optional<String> put(URI address) {
        return send(HttpRequest.newBuilder(address).PUT(HttpRequest.BodyPublishers.noBody()));
    }

    /** As {@link #get}. */
    Optional<String> post(URI address, String json) {
        return send(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private Optional<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException silent) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Hadoop was asked", interrupted);
        }
    }
}
