package io.torii.it.load;

import io.torii.it.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hive.service.rpc.thrift.TCloseOperationReq;
import org.apache.hive.service.rpc.thrift.TCloseSessionReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TFetchOrientation;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/** A client with the generated calls: one session from its first connection to its last, whatever happens between. */
final class CarefulRaw extends Careful {
    private static final int IN_DOUBT = 4005;
    private static final long LIMIT_NANOS = Duration.ofMinutes(3).toNanos();

    private final String name;
    private final Connector connector;
    private Optional<RawClient> connection = Optional.empty();
    private Optional<TSessionHandle> session = Optional.empty();

    /** How it gets a connection. */
    interface Connector {
        RawClient connect() throws TException, IOException;
    }

    /** A call whose answer may be lost. */
    private interface Call<T> {
        T of(RawClient client) throws TException;
    }

    CarefulRaw(String name, Connector connector, Ledger ledger, Signal signal, long seed) {
        super(ledger, signal, seed);
        this.name = name;
        this.connector = connector;
    }

    @Override
    void read(int rows) throws Exception {
        Optional<TOperationHandle> accepted = submit(range(rows));
        if (accepted.isEmpty() || ended(accepted.get()) != Ledger.Told.FINISHED) {
            return;
        }
        TOperationHandle statement = accepted.get();
        TFetchOrientation orientation = TFetchOrientation.FETCH_NEXT;
        for (long row = 0; ; ) {
            Optional<TFetchResultsResp> answer = attempt(page(statement, orientation));
            if (answer.isEmpty()) {
                continue;
            }
            TStatus status = answer.get().getStatus();
            if (status.getStatusCode() != TStatusCode.SUCCESS_STATUS) {
                if (status.getErrorCode() == IN_DOUBT) {
                    ledger.count("cursors that started over");
                    orientation = TFetchOrientation.FETCH_FIRST;
                    row = 0;
                } else if (enginesDie() && isLost(status)) {
                    ledger.count("cursors that went with their engine");
                    return;
                } else {
                    refused("page", status);
                }
                continue;
            }
            orientation = TFetchOrientation.FETCH_NEXT;
            List<Long> ids =
                    answer.get().getResults().getColumns().get(0).getI64Val().getValues();
            for (long id : ids) {
                if (id != row++) {
                    ledger.problem(name + ": row " + id + " of " + rows + " came instead of " + (row - 1));
                    return;
                }
            }
            if (ids.isEmpty()) {
                if (row != rows) {
                    ledger.problem(name + ": a result ended after " + row + " of " + rows + " rows");
                }
                break;
            }
        }
        ledger.count(DONE);
        forget(statement);
    }

    @Override
    void repeat(String sql) throws Exception {
        for (long limit = System.nanoTime() + LIMIT_NANOS; System.nanoTime() < limit; ) {
            Optional<TOperationHandle> statement = submit(sql);
            if (statement.isPresent() && ended(statement.get()) == Ledger.Told.FINISHED) {
                forget(statement.get());
                return;
            }
        }
        ledger.problem(name + ": does not succeed: " + sql);
    }

    /** What got no answer is sent again, as it is: as long as its engine lives, that is the same statement. */
    @Override
    Ledger.Told once(String sql) throws Exception {
        Optional<TOperationHandle> statement = submit(sql);
        for (long limit = System.nanoTime() + LIMIT_NANOS;
                statement.isEmpty() && !enginesDie() && System.nanoTime() < limit; ) {
            ledger.count("submissions sent again");
            statement = submit(sql);
        }
        if (statement.isEmpty()) {
            return Ledger.Told.UNKNOWN;
        }
        Ledger.Told told = ended(statement.get());
        forget(statement.get());
        return told;
    }

    @Override
    void end() throws Exception {
        if (session.isPresent()) {
            ask(client -> client.service().CloseSession(new TCloseSessionReq(session.get())));
        }
        connection.ifPresent(RawClient::close);
    }

    /** Empty if nobody knows whether the statement runs. */
    private Optional<TOperationHandle> submit(String sql) throws TException {
        TExecuteStatementReq request = new TExecuteStatementReq(session(), sql);
        request.setRunAsync(true);
        Optional<TExecuteStatementResp> answer =
                attempt(client -> client.service().ExecuteStatement(request));
        if (answer.isEmpty()) {
            ledger.count("submissions without an answer");
            return Optional.empty();
        }
        TStatus status = answer.get().getStatus();
        if (status.getStatusCode() != TStatusCode.SUCCESS_STATUS) {
            refused("submission", status);
            return Optional.empty();
        }
        ledger.count("statements accepted");
        return Optional.of(answer.get().getOperationHandle());
    }

    /** Asks until it is known how an accepted statement has ended. */
    private Ledger.Told ended(TOperationHandle statement) throws TException {
        for (long limit = System.nanoTime() + LIMIT_NANOS; System.nanoTime() < limit; ) {
            TGetOperationStatusResp answer =
                    ask(client -> client.service().GetOperationStatus(new TGetOperationStatusReq(statement)));
            TStatus status = answer.getStatus();
            if (status.getStatusCode() != TStatusCode.SUCCESS_STATUS) {
                if (enginesDie() && isLost(status)) {
                    ledger.count("statements that went with their engine");
                    return Ledger.Told.UNKNOWN;
                }
                refused("status", status);
                if (!isRetryable(status.getSqlState())) {
                    return Ledger.Told.UNKNOWN;
                }
                continue;
            }
            TOperationState state = answer.getOperationState();
            if (state == TOperationState.FINISHED_STATE) {
                return Ledger.Told.FINISHED;
            }
            if (state == TOperationState.ERROR_STATE) {
                return failed(answer);
            }
        }
        ledger.problem(name + ": an accepted statement has no end");
        return Ledger.Told.UNKNOWN;
    }

    private Ledger.Told failed(TGetOperationStatusResp answer) {
        if (!enginesDie()) {
            ledger.problem(name + ": a statement failed: " + answer.getErrorMessage());
        }
        ledger.count("statements that failed with SQLSTATE " + answer.getSqlState());
        return isRetryable(answer.getSqlState()) ? Ledger.Told.UNKNOWN : Ledger.Told.FAILED;
    }

    private void forget(TOperationHandle statement) throws TException {
        ask(client -> client.service().CloseOperation(new TCloseOperationReq(statement)));
    }

    private static Call<TFetchResultsResp> page(TOperationHandle statement, TFetchOrientation orientation) {
        return client -> client.fetch(statement, orientation, PAGE);
    }

    private void refused(String what, TStatus status) {
        if (isRetryable(status.getSqlState())) {
            ledger.count(what + " refused for now: " + status.getErrorCode());
        } else {
            ledger.problem(name + ": " + what + " refused: " + status.getErrorMessage());
        }
        pause();
    }

    /** Its engine has gone, with all that only the engine knew. */
    private static boolean isLost(TStatus status) {
        return status.getStatusCode() == TStatusCode.INVALID_HANDLE_STATUS || isRetryable(status.getSqlState());
    }

    private TSessionHandle session() throws TException {
        if (session.isEmpty()) {
            session = Optional.of(ask(client -> client.open(TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10, Map.of())));
        }
        return session.get();
    }

    /** Asks what may be asked any number of times, until there is an answer. */
    private <T> T ask(Call<T> call) throws TException {
        for (long limit = System.nanoTime() + LIMIT_NANOS; System.nanoTime() < limit; ) {
            Optional<T> answer = attempt(call);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new TTransportException(name + " gets no answer");
    }

    /** Calls once, over a connection that was there or is made now; empty if no answer came. */
    private <T> Optional<T> attempt(Call<T> call) throws TException {
        RawClient client = connected();
        try {
            return Optional.of(call.of(client));
        } catch (TTransportException lost) {
            ledger.count("calls without an answer");
            client.close();
            connection = Optional.empty();
            pause();
            return Optional.empty();
        }
    }

    private RawClient connected() throws TException {
        for (long limit = System.nanoTime() + LIMIT_NANOS; connection.isEmpty(); ) {
            try {
                connection = Optional.of(connector.connect());
            } catch (TException | IOException notYet) {
                if (System.nanoTime() > limit) {
                    throw new TTransportException(name + " cannot connect: " + notYet.getMessage());
                }
                pause();
            }
        }
        return connection.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
