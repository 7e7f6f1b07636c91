package io.torii.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.UnknownStatement;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void tellsClientsNothingOfWhatNobodyHasForeseenButWhereToLook() {
        Throwable failure = new CompletionException(new IllegalStateException("/opt/torii/conf/users is gone"));

        GatewayException told = Failures.of(failure);

        assertThat(told.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(told.getMessage())
                .matches("The gateway failed in a way that nobody has foreseen; its log says more under reference"
                        + " [0-9a-f]+");
        assertThat(Failures.of(failure).getMessage()).isEqualTo(told.getMessage());
    }

    @Test
    void passesOnWhatIsMeantForClients() {
        GatewayException refusal = new GatewayException(ErrorCode.TOO_MANY_ENGINES, "Enough");

        assertThat(Failures.of(new CompletionException(refusal))).isSameAs(refusal);
    }

    @Test
    void theCodeIsThatOfTheFailure() {
        assertThat(Failures.codeOf(new CompletionException(new UnknownStatement("?"))))
                .isEqualTo(ErrorCode.ENGINE_LOST);
        assertThat(Failures.codeOf(new IllegalStateException())).isEqualTo(ErrorCode.INTERNAL);
        assertThat(Failures.codeOf(new GatewayException(ErrorCode.INVALID_HANDLE, "Gone")))
                .isEqualTo(ErrorCode.INVALID_HANDLE);
    }
}
