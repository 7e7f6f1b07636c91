package io.torii.server.store;

class FakeSessionRepositoryTest extends SessionRepositoryContract {
    private final FakeSessionRepository repository = new FakeSessionRepository();

    @Override
    protected SessionRepository repository() {
        return repository;
    }

    @Override
    protected SessionRepository otherGateway() {
        return repository;
    }
}
