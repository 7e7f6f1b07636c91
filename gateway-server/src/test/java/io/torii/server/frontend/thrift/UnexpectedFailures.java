package io.torii.server.frontend.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Handlers end a connection that fails and log the exception for those who look for it: it is theirs to prevent all that a
 * client can cause. What they log otherwise is kept from the console.
 */
final class UnexpectedFailures extends AppenderBase<ILoggingEvent> {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(UnexpectedFailures.class.getPackageName());

    private final List<String> seen = new ArrayList<>();

    @Override
    public void start() {
        super.start();
        LOGGER.setLevel(Level.DEBUG);
        LOGGER.setAdditive(false);
        LOGGER.addAppender(this);
    }

    @Override
    public void stop() {
        LOGGER.detachAppender(this);
        LOGGER.setAdditive(true);
        LOGGER.setLevel(null);
        super.stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            IThrowableProxy cause = failure.getCause() == null ? failure : failure.getCause();
            if (!cause.getClassName().equals(MalformedMessageException.class.getName())) {
                seen.add(event.getFormattedMessage() + ": " + failure.getClassName() + " " + failure.getMessage()
                        + " at " + cause.getStackTraceElementProxyArray()[0]);
            }
        }
    }

    void assertNone() {
        assertThat(seen).isEmpty();
    }
}
