package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The last call of each session. Hive's driver and Thrift's own clients number their calls, one after the other; a client that
 * sends a call again, because its connection broke, sends the same bytes. So a session's call that is equal to the one just
 * before it, number included, is that one again, even if its answer seemed to get through: a proxy may have lost it. Guarded by
 * its owner.
 */
final class LastCalls {
    /** Sessions that have called last; of others a call that is sent again is taken for a new one. */
    private static final int MOST = 100_000;

    /** Clients without numbers send 0 always, and those that are made for one call begin with 1 each time. */
    private static final int LOWEST_NUMBER = 2;

    private final Map<SessionId, NumberedCall> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, NumberedCall> eldest) {
            return size() > MOST;
        }
    };

    /**
     * A call, or what was asked and answered in it.
     *
     * @param what equal for calls that ask for the same
     * @param answer the statement that was submitted, if one was
     */
    record NumberedCall(int number, Optional<Object> what, Optional<CompletableFuture<StatementId>> answer) {
        static final NumberedCall NONE = new NumberedCall(0, Optional.empty(), Optional.empty());

        boolean isRepeatedBy(int other, Object asked) {
            return number == other
                    && number >= LOWEST_NUMBER
                    && what.filter(asked::equals).isPresent();
        }
    }

    /** The session makes a call, of which no more is known yet; the one before it. */
    NumberedCall begin(SessionId session, int number) {
        NumberedCall before = last.put(session, new NumberedCall(number, Optional.empty(), Optional.empty()));
        return before == null ? NumberedCall.NONE : before;
    }

    /** What the session asks for in its last call, if that has this number. */
    void asks(SessionId session, NumberedCall call) {
        last.computeIfPresent(session, (id, known) -> known.number() == call.number() ? call : known);
    }

    /** The last call is not to be taken for the same if it comes again. */
    void forget(SessionId session, int number) {
        asks(session, new NumberedCall(number, Optional.empty(), Optional.empty()));
    }
}
