package io.torii.server.engine.channel;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.Progress;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.engine.EarlyEnd;
import io.torii.server.engine.EnginePage;
import io.torii.server.engine.EngineStatus;
import io.torii.server.engine.JournalLine;
import io.torii.server.session.Body;
import io.torii.wire.HeaderText;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hive.service.rpc.thrift.TExecuteStatementResp;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TJobExecutionStatus;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProgressUpdateResp;
import org.apache.hive.service.rpc.thrift.TStatus;
import org.apache.hive.service.rpc.thrift.TStatusCode;

/** What engines answer, as our records. An engine is not trusted: what makes no sense is replaced or refused. */
final class EngineAnswers {
    private static final Pattern SQL_STATE = Pattern.compile("[0-9A-Z]{5}");
    private static final Pattern STATEMENT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,15}");
    private static final int MOST_PARTS = 3;
    private static final int LONGEST_MESSAGE = 64 << 10;
    private static final int LONGEST_DETAIL = 4 << 10;
    private static final int MOST_DETAILS = 1_000;
    private static final String GENERAL_ERROR = "HY000";

    private EngineAnswers() {}

    /** An accepted submission, with the end of its statement if that has come; what else an engine says of itself is ignored. */
    static Optional<EarlyEnd> submitted(WireReply reply) {
        List<byte[]> parts = parts(reply);
        // the answers to all submissions have the same two fields
        requireSuccess(
                ThriftCodec.decode(parts.get(0), new TExecuteStatementResp()).getStatus());
        if (parts.size() < 2) {
            return Optional.empty();
        }
        EngineStatus status = status(reply, parts.get(1));
        return status.status().state().isTerminal()
                ? Optional.of(new EarlyEnd(status, parts.size() > 2 ? Optional.of(parts.get(2)) : Optional.empty()))
                : Optional.empty();
    }

    private static List<byte[]> parts(WireReply reply) {
        byte[] body = reply.body();
        Optional<String> lengths = reply.header(WireProtocol.PARTS);
        if (lengths.isEmpty()) {
            return List.of(body);
        }
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (String text : lengths.get().split(",", MOST_PARTS + 1)) {
            long length = number(text);
            if (length < 0 || length > body.length - from || parts.size() == MOST_PARTS) {
                throw new GatewayException(ErrorCode.INTERNAL, "The engine's answer is not in the parts that it says");
            }
            parts.add(Arrays.copyOfRange(body, from, from + (int) length));
            from += (int) length;
        }
        return parts;
    }

    static EnginePage page(Map<String, String> headers, Body body) {
        long row = number(headers.getOrDefault(WireProtocol.ROW, ""));
        long rows = number(headers.getOrDefault(WireProtocol.ROWS, ""));
        return row < 0 || rows < 0
                ? EnginePage.of(body)
                : new EnginePage(body, row, rows, rows > 0 && headers.containsKey(WireProtocol.MORE));
    }

    /** -1 if it is none. */
    private static long number(String text) {
        return COUNT.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    static EngineStatus status(WireReply reply) {
        return status(reply, reply.body());
    }

    private static EngineStatus status(WireReply reply, byte[] body) {
        TGetOperationStatusResp answer = ThriftCodec.decode(body, new TGetOperationStatusResp());
        requireSuccess(answer.getStatus());
        return new EngineStatus(
                status(answer),
                reply.header(WireProtocol.JOURNAL).map(EngineAnswers::journal).orElse(List.of()),
                reply.header(WireProtocol.PINNED).map(HeaderText::decode));
    }

    private static List<JournalLine> journal(String told) {
        return Arrays.stream(told.split(","))
                .map(line -> {
                    String[] parts = line.split(":", 2);
                    if (parts.length < 2 || !STATEMENT.matcher(parts[0]).matches()) {
                        throw new GatewayException(ErrorCode.INTERNAL, "The engine's journal is malformed");
                    }
                    return new JournalLine(UUID.fromString(parts[0]), HeaderText.decode(parts[1]));
                })
                .toList();
    }

    /** Fails with the engine's own words if a call was not a success. */
    static void requireSuccess(TStatus status) {
        TStatusCode code = status == null ? null : status.getStatusCode();
        if (code == null) {
            throw new GatewayException(ErrorCode.INTERNAL, "The engine's answer has no status");
        }
        if (code == TStatusCode.ERROR_STATUS || code == TStatusCode.INVALID_HANDLE_STATUS) {
            throw GatewayException.withSqlState(
                    ErrorCode.STATEMENT_FAILED,
                    sqlState(status.getSqlState()),
                    text(status.getErrorMessage(), "The engine refused without saying why"));
        }
    }

    private static StatementStatus status(TGetOperationStatusResp answer) {
        StatementState state = state(answer.getOperationState());
        return new StatementStatus(
                state,
                state == StatementState.FAILED ? Optional.of(failure(answer)) : Optional.empty(),
                !answer.isSetHasResultSet() || answer.isHasResultSet(),
                Optional.ofNullable(answer.getProgressUpdateResponse())
                        .filter(EngineAnswers::isKnown)
                        .map(EngineAnswers::progress),
                instant(answer.getOperationStarted()),
                state.isTerminal() ? instant(answer.getOperationCompleted()) : Optional.empty());
    }

    private static StatementState state(TOperationState state) {
        if (state == null) {
            throw new GatewayException(ErrorCode.INTERNAL, "The engine's answer has no state, or one that is unknown");
        }
        return switch (state) {
            case INITIALIZED_STATE, PENDING_STATE -> StatementState.PENDING;
            case RUNNING_STATE -> StatementState.RUNNING;
            case FINISHED_STATE -> StatementState.FINISHED;
            case CANCELED_STATE -> StatementState.CANCELED;
            case CLOSED_STATE -> StatementState.CLOSED;
            case TIMEDOUT_STATE -> StatementState.TIMED_OUT;
            case ERROR_STATE, UKNOWN_STATE -> StatementState.FAILED;
        };
    }

    private static StatementFailure failure(TGetOperationStatusResp answer) {
        List<String> details = answer.getStatus().getInfoMessages();
        return new StatementFailure(
                sqlState(answer.getSqlState()),
                answer.getErrorCode() == 0 ? ErrorCode.STATEMENT_FAILED.number() : answer.getErrorCode(),
                shortened(
                        text(answer.getErrorMessage(), "The statement failed; its engine does not say why"),
                        LONGEST_MESSAGE),
                details == null
                        ? List.of()
                        : details.stream()
                                .filter(Objects::nonNull)
                                .limit(MOST_DETAILS)
                                .map(detail -> shortened(detail, LONGEST_DETAIL))
                                .toList());
    }

    /** Beeline fails on progress without columns. */
    private static boolean isKnown(TProgressUpdateResp progress) {
        return progress.getStatus() != TJobExecutionStatus.NOT_AVAILABLE && progress.getHeaderNamesSize() > 0;
    }

    private static Progress progress(TProgressUpdateResp progress) {
        double fraction = progress.getProgressedPercentage();
        return new Progress(
                progress.getHeaderNames() == null ? List.of() : present(progress.getHeaderNames()),
                progress.getRows() == null
                        ? List.of()
                        : progress.getRows().stream()
                                .map(EngineAnswers::present)
                                .toList(),
                fraction >= 0 && fraction <= 1 ? fraction : 0,
                progress.getStatus() == TJobExecutionStatus.COMPLETE ? "COMPLETE" : "RUNNING",
                text(progress.getFooterSummary(), ""),
                progress.getStartTime());
    }

    private static List<String> present(List<String> texts) {
        return texts.stream().filter(Objects::nonNull).toList();
    }

    private static Optional<Instant> instant(long epochMillis) {
        return epochMillis > 0 ? Optional.of(Instant.ofEpochMilli(epochMillis)) : Optional.empty();
    }

    private static String sqlState(String state) {
        return state != null && SQL_STATE.matcher(state).matches() ? state : GENERAL_ERROR;
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "...";
    }

    private static String text(String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text;
    }
}
