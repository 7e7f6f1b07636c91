package io.torii.server.session;

import io.torii.api.session.StatementId;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.Handover;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a statement asks of its engine. Immutable. */
sealed interface Work {
    CompletableFuture<Optional<EarlyEnd>> send(EngineChannel engine, StatementId id, Handover handle, Duration waited);

    /** How long it may take, waiting for its engine included. */
    Optional<Duration> timeout();

    record Sql(StatementRequest request) implements Work {
        private static final Duration LEAST = Duration.ofSeconds(1);

        @Override
        public CompletableFuture<Optional<EarlyEnd>> send(
                EngineChannel engine, StatementId id, Handover handle, Duration waited) {
            if (waited.isZero() || request.timeout().isEmpty()) {
                return engine.execute(id, request, handle);
            }
            Duration rest = request.timeout().get().minus(waited);
            Duration left = rest.compareTo(LEAST) < 0 ? LEAST : rest;
            return engine.execute(
                    id, new StatementRequest(request.sql(), request.overlay(), Optional.of(left)), handle);
        }

        @Override
        public Optional<Duration> timeout() {
            return request.timeout();
        }
    }

    /** Nothing more. */
    record Done() implements Work {
        @Override
        public CompletableFuture<Optional<EarlyEnd>> send(
                EngineChannel engine, StatementId id, Handover handle, Duration waited) {
            return CompletableFuture.failedFuture(new IllegalStateException("sent before"));
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.empty();
        }
    }

    record Metadata(MetadataQuery query) implements Work {
        @Override
        public CompletableFuture<Optional<EarlyEnd>> send(
                EngineChannel engine, StatementId id, Handover handle, Duration waited) {
            return engine.query(id, query);
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.empty();
        }
    }
}
