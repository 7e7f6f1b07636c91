package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.Progress;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import java.util.List;
import java.util.Optional;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusResp;
import org.apache.hive.service.rpc.thrift.TJobExecutionStatus;
import org.apache.hive.service.rpc.thrift.TOperationState;
import org.apache.hive.service.rpc.thrift.TProtocolVersion;
import org.junit.jupiter.api.Test;

class OperationStatusTest {
    private static final int V6 = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V6.getValue();
    private static final int V10 = TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10.getValue();

    @Test
    void neverSaysClosedWhichDriversTakeForSuccess() {
        TGetOperationStatusResp response = of(StatementState.CLOSED, V10);

        assertThat(response.getOperationState()).isEqualTo(TOperationState.ERROR_STATE);
        assertThat(response.getSqlState()).isEqualTo("HY010");
        assertThat(response.getErrorMessage()).isEqualTo("The statement was closed before it had ended");
    }

    @Test
    void aTimeOutIsAnErrorToClientsThatDoNotKnowIt() {
        TGetOperationStatusResp old = of(StatementState.TIMED_OUT, V6);

        assertThat(old.getOperationState()).isEqualTo(TOperationState.ERROR_STATE);
        assertThat(old.getSqlState()).isEqualTo("HYT00");
        assertThat(old.getErrorMessage()).isNotBlank();
        assertThat(of(StatementState.TIMED_OUT, V10).getOperationState()).isEqualTo(TOperationState.TIMEDOUT_STATE);
    }

    @Test
    void whatWaitsLooksLikeRunningToClientsThatTakePendingForTheEnd() {
        assertThat(of(StatementState.PENDING, V6).getOperationState()).isEqualTo(TOperationState.RUNNING_STATE);
        assertThat(of(StatementState.PENDING, V10).getOperationState()).isEqualTo(TOperationState.PENDING_STATE);
    }

    @Test
    void tellsHowFarItIsToThoseWhoAskAndKnowHowToReadIt() {
        Progress progress = new Progress(List.of("STAGES"), List.of(List.of("1")), 0.5, "RUNNING", "", 7);
        StatementStatus running = new StatementStatus(
                StatementState.RUNNING,
                Optional.empty(),
                true,
                Optional.of(progress),
                Optional.empty(),
                Optional.empty());

        assertThat(OperationStatus.of(running, V10, true)
                        .getProgressUpdateResponse()
                        .getHeaderNames())
                .containsExactly("STAGES");
        assertThat(OperationStatus.of(running, V10, false).isSetProgressUpdateResponse())
                .isFalse();
        assertThat(OperationStatus.of(running, V6, true).isSetProgressUpdateResponse())
                .isFalse();
    }

    @Test
    void saysThatNothingIsKnownOfHowFarItIs() {
        assertThat(OperationStatus.of(StatementStatus.of(StatementState.RUNNING), V10, true)
                        .getProgressUpdateResponse()
                        .getStatus())
                .isEqualTo(TJobExecutionStatus.NOT_AVAILABLE);
    }

    private static TGetOperationStatusResp of(StatementState state, int version) {
        return OperationStatus.of(StatementStatus.of(state), version, true);
    }
}
