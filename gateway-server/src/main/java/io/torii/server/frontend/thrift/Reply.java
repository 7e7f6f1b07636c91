package io.torii.server.frontend.thrift;

import io.torii.server.session.Body;
import java.util.function.Function;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.thrift.TBase;

/** The answer to a call. */
sealed interface Reply {
    /** A response structure. */
    record Value(TBase<?, ?> response) implements Reply {}

    /**
     * A response structure that is bytes already.
     *
     * @param refusal the structure to answer if not a single byte comes
     */
    record Relay(Body body, Function<TStatus, TBase<?, ?>> refusal) implements Reply {}

    /**
     * A failure that the method's response has no field for.
     *
     * @param kind one of TApplicationException's
     */
    record Failure(int kind, String message) implements Reply {}
}
