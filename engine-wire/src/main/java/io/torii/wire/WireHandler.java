package io.torii.wire;

import java.util.concurrent.CompletionStage;

/** What an engine does with authenticated calls. */
@FunctionalInterface
public interface WireHandler {
    /**
     * Answers one call. Called on an event loop: must return at once; the answer may be completed by any thread. It
     * fails with a {@link WireException} to answer with that status; any other failure is an INTERNAL_ERROR. If the
     * caller goes away first, the stage is cancelled where it is a CompletableFuture.
     */
    CompletionStage<WireReply> handle(WireCall call);
}
