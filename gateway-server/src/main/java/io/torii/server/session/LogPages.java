package io.torii.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Encodes the gateway's own lines of a statement's log as a client expects them. Thread-safe. */
@FunctionalInterface
public interface LogPages {
    /**
     * An encoded TFetchResultsResp with one text column, owned by the caller.
     *
     * @param protocolVersion as in {@link Session}
     */
    ByteBuf page(List<String> lines, int protocolVersion);
}
