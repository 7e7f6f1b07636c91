package io.torii.server.store;

import io.torii.api.session.SessionId;
import java.time.Duration;

class FakeStatementRepositoryTest extends StatementRepositoryContract {
    private final MovableClock clock = new MovableClock();
    private final FakeStatementRepository repository = new FakeStatementRepository(clock);

    @Override
    protected StatementRepository repository() {
        return repository;
    }

    @Override
    protected StatementRepository otherGateway() {
        return repository;
    }

    @Override
    protected SessionId openSession() {
        return SessionId.random();
    }

    @Override
    protected void leasesLapse() {
        clock.advance(Duration.ofDays(1));
    }
}
