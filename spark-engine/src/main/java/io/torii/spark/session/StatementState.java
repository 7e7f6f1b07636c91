package io.torii.spark.session;

import org.apache.hive.service.rpc.thrift.TOperationState;

/** Where a statement is. */
enum StatementState {
    PENDING(TOperationState.PENDING_STATE),
    RUNNING(TOperationState.RUNNING_STATE),
    FINISHED(TOperationState.FINISHED_STATE),
    CANCELED(TOperationState.CANCELED_STATE),
    TIMED_OUT(TOperationState.TIMEDOUT_STATE),
    FAILED(TOperationState.ERROR_STATE),
    CLOSED(TOperationState.CLOSED_STATE);

    private final TOperationState thrift;

    StatementState(TOperationState thrift) {
        this.thrift = thrift;
    }

    TOperationState thrift() {
        return thrift;
    }

    boolean isTerminal() {
        return this != PENDING && this != RUNNING;
    }

    /** The legal moves: forward only, and to closed from an end alone: nobody may take a closed statement for a success. */
    boolean canBecome(StatementState next) {
        switch (this) {
            case PENDING:
                return next != PENDING && next != CLOSED;
            case RUNNING:
                return next != PENDING && next != RUNNING && next != CLOSED;
            case CLOSED:
                return false;
            default:
                return next == CLOSED;
        }
    }
}
