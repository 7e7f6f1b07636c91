package io.torii.server.frontend.thrift;

import io.torii.api.session.Progress;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import java.util.List;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TJobExecutionStatus;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProgressUpdateResp;

/** A statement's status in the words of the client's protocol. */
final class OperationStatus {
    private static final String CANCELLED = "HY008";
    private static final String TIMED_OUT = "HYT00";
    private static final String OUT_OF_SEQUENCE = "HY010";

    private OperationStatus() {}

    static TGetOperationStatusResp of(StatementStatus status, int version, boolean wantsProgress) {
        TGetOperationStatusResp response = new TGetOperationStatusResp(TStatuses.success());
        response.setOperationState(state(status.state(), version));
        if (status.state().isTerminal()) {
            response.setHasResultSet(status.hasResultSet());
        }
        status.startedAt().ifPresent(start -> response.setOperationStarted(start.toEpochMilli()));
        status.endedAt().ifPresent(end -> response.setOperationCompleted(end.toEpochMilli()));
        status.failure().ifPresent(failure -> fail(response, failure));
        if (status.failure().isEmpty() && status.state() == StatementState.TIMED_OUT) {
            response.setSqlState(TIMED_OUT);
            response.setErrorMessage("The statement took too long");
        } else if (status.failure().isEmpty() && status.state() == StatementState.CANCELED) {
            response.setSqlState(CANCELLED);
        } else if (status.failure().isEmpty() && status.state() == StatementState.CLOSED) {
            response.setSqlState(OUT_OF_SEQUENCE);
            response.setErrorMessage("The statement was closed before it had ended");
        }
        if (wantsProgress && ProtocolVersions.knowsProgress(version)) {
            response.setProgressUpdateResponse(
                    status.progress().map(OperationStatus::progress).orElseGet(OperationStatus::none));
        }
        return response;
    }

    /**
     * Drivers take CLOSED for success, and those that do not know TIMEDOUT take CANCELED for it: whatever did not succeed
     * is an error to them.
     */
    private static TOperationState state(StatementState state, int version) {
        boolean modern = ProtocolVersions.knowsAllStates(version);
        return switch (state) {
            case PENDING -> modern ? TOperationState.PENDING_STATE : TOperationState.RUNNING_STATE;
            case RUNNING -> TOperationState.RUNNING_STATE;
            case FINISHED -> TOperationState.FINISHED_STATE;
            case CANCELED -> TOperationState.CANCELED_STATE;
            case TIMED_OUT -> modern ? TOperationState.TIMEDOUT_STATE : TOperationState.ERROR_STATE;
            case FAILED, CLOSED -> TOperationState.ERROR_STATE;
        };
    }

    private static void fail(TGetOperationStatusResp response, StatementFailure failure) {
        response.setSqlState(failure.sqlState());
        response.setErrorCode(failure.code());
        response.setErrorMessage(failure.message());
        if (!failure.details().isEmpty()) {
            response.getStatus().setInfoMessages(TStatuses.causes(failure.details()));
        }
    }

    private static TProgressUpdateResp progress(Progress progress) {
        return new TProgressUpdateResp(
                progress.headers(),
                progress.rows(),
                progress.fraction(),
                progress.status().equals("COMPLETE") ? TJobExecutionStatus.COMPLETE : TJobExecutionStatus.IN_PROGRESS,
                progress.footer(),
                progress.startedAtMillis());
    }

    /** Hive's drivers before 3 ask what they get for its status without looking whether they got something. */
    private static TProgressUpdateResp none() {
        return new TProgressUpdateResp(List.of(), List.of(), 0, TJobExecutionStatus.NOT_AVAILABLE, "", 0);
    }
}
