package io.torii.spark.session;

import io.torii.wire.HeaderText;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hive.service.rpc.thrift.TCancelOperationResp;
import org.apache.hive.service.rpc.thrift.TCloseOperationResp;
import org.apache.hive.service.rpc.thrift.TCloseSessionResp;
import org.apache.hive.service.rpc.thrift.TColumn;
import org.apache.hive.service.rpc.thrift.TColumnValue;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TFetchResultsResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TGetResultSetMetadataResp;
import org.apache.hive.service.rpc.thrift.THandleIdentifier;
import org.apache.hive.service.rpc.thrift.TOpenSessionResp;
import org.apache.hive.service.rpc.thrift.TOperationHandle;
import org.apache.hive.service.rpc.thrift.TOperationType;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.apache.hive.service.rpc.thrift.TRow;
import org.apache.hive.service.rpc.thrift.TRowSet;
import org.apache.hive.service.rpc.thrift.TSessionHandle;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;
import org.apache.hive.service.rpc.thrift.TStringColumn;
import org.apache.hive.service.rpc.thrift.TStringValue;
import org.apache.thrift.TBase;

/** Answers as the structs of TCLIService. */
final class Replies {
    private static final int FEW_BYTES = 64 << 10;

    private Replies() {}

    static WireReply opened(EngineSession session) {
        TOpenSessionResp answer = new TOpenSessionResp(success(), session.protocol());
        answer.setSessionHandle(new TSessionHandle(handle(session.id(), session.id())));
        answer.setConfiguration(Collections.emptyMap());
        return reply(answer);
    }

    static WireReply notOpened(Failure failure) {
        return reply(new TOpenSessionResp(error(failure), TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V1));
    }

    static WireReply sessionClosed() {
        return reply(new TCloseSessionResp(success()));
    }

    /**
     * The handle of a statement that has been accepted. Every TCLIService answer of this kind has the same two fields with
     * the same numbers, so that one struct stands for all of them.
     */
    static WireReply accepted(EngineSession session, String statement) {
        TOperationHandle handle =
                new TOperationHandle(handle(statement, session.id()), TOperationType.EXECUTE_STATEMENT, true);
        TExecuteStatementResp accepted = new TExecuteStatementResp(success());
        accepted.setOperationHandle(handle);
        return reply(accepted);
    }

    /** The answer to the submission of a statement that has ended since: its state, and its columns if it has a few. */
    static WireReply ended(EngineSession session, Statement statement) {
        WireReply status = status(session, statement, false);
        List<byte[]> parts = new ArrayList<>();
        parts.add(accepted(session, statement.id()).body());
        parts.add(status.body());
        statement
                .outcome()
                .filter(Work.Outcome::hasColumns)
                .map(outcome -> outcome.result().schema())
                .filter(schema -> schema.length <= FEW_BYTES)
                .ifPresent(parts::add);
        ByteBuffer whole =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(whole::put);
        WireReply reply = WireReply.of(whole.array())
                .with(
                        WireProtocol.PARTS,
                        parts.stream()
                                .map(part -> Integer.toString(part.length))
                                .collect(Collectors.joining(",")));
        for (Map.Entry<String, String> header : status.headers().entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }

    static WireReply cancelled() {
        return reply(new TCancelOperationResp(success()));
    }

    static WireReply closed() {
        return reply(new TCloseOperationResp(success()));
    }

    static WireReply status(EngineSession session, Statement statement, boolean withProgress) {
        StatementState state = statement.told();
        TGetOperationStatusResp answer = new TGetOperationStatusResp(success());
        answer.setOperationState(state.thrift());
        answer.setOperationStarted(statement.startedAt());
        if (state.isTerminal()) {
            answer.setOperationCompleted(statement.endedAt());
        }
        answer.setHasResultSet(statement.outcome().map(Work.Outcome::hasColumns).orElse(!state.isTerminal()));
        statement.failure().ifPresent(failure -> {
            answer.setSqlState(failure.sqlState());
            answer.setErrorCode(failure.code());
            answer.setErrorMessage(failure.message());
            if (!failure.details().isEmpty()) {
                answer.getStatus().setInfoMessages(failure.details());
            }
        });
        if (withProgress) {
            answer.setProgressUpdateResponse(statement.progress().table(state.isTerminal(), statement.startedAt()));
        }
        WireReply reply = reply(answer);
        return state.isTerminal() ? told(reply, session) : reply;
    }

    private static WireReply told(WireReply reply, EngineSession session) {
        Optional<String> journal = session.journal();
        Optional<String> pinned = session.pinned();
        WireReply with = journal.isPresent() ? reply.with(WireProtocol.JOURNAL, journal.get()) : reply;
        return pinned.isPresent() ? with.with(WireProtocol.PINNED, HeaderText.encode(pinned.get())) : with;
    }

    static WireReply noSchema(Failure failure) {
        return reply(new TGetResultSetMetadataResp(error(failure)));
    }

    static WireReply noPage(Failure failure) {
        return reply(new TFetchResultsResp(error(failure)));
    }

    /** Lines as a result of one string column, in the form that the protocol has for results. */
    static WireReply lines(List<String> lines, TProtocolVersion protocol) {
        TRowSet rows = new TRowSet(0, new ArrayList<>());
        if (protocol.getValue() >= TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6.getValue()) {
            rows.addToColumns(TColumn.stringVal(new TStringColumn(lines, ByteBuffer.wrap(new byte[0]))));
        } else {
            rows.setRows(lines.stream().map(Replies::row).collect(Collectors.toList()));
        }
        TFetchResultsResp answer = new TFetchResultsResp(success());
        answer.setHasMoreRows(false);
        answer.setResults(rows);
        return reply(answer);
    }

    private static TRow row(String line) {
        TStringValue value = new TStringValue();
        value.setValue(line);
        return new TRow(Collections.singletonList(TColumnValue.stringVal(value)));
    }

    private static WireReply reply(TBase<?, ?> answer) {
        return WireReply.of(ThriftCodec.encode(answer));
    }

    private static TStatus success() {
        return new TStatus(TStatusCode.SUCCESS_STATUS);
    }

    private static TStatus error(Failure failure) {
        TStatus status = new TStatus(TStatusCode.ERROR_STATUS);
        status.setSqlState(failure.sqlState());
        status.setErrorCode(failure.code());
        status.setErrorMessage(failure.message());
        if (!failure.details().isEmpty()) {
            status.setInfoMessages(failure.details());
        }
        return status;
    }

    private static THandleIdentifier handle(String guid, String secret) {
        return new THandleIdentifier(bytes(guid), bytes(secret));
    }

    private static ByteBuffer bytes(String id) {
        UUID uuid = UUID.fromString(id);
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        bytes.flip();
        return bytes;
    }
}
