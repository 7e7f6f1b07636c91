package io.torii.api.engine;

import io.torii.api.Secret;

class FakeEngineRegistryTest extends EngineRegistryContract {
    private final FakeEngineRegistry registry = new FakeEngineRegistry();

    @Override
    protected EngineRegistry registry() {
        return registry;
    }

    @Override
    protected EngineRegistry otherGateway() {
        return registry;
    }

    @Override
    protected EngineRegistry limited(EngineLimits limits) {
        registry.limit(limits);
        return registry;
    }

    @Override
    protected boolean callHome(LaunchTag tag, Secret token, String host, int port) {
        return registry.register(tag, token, host, port);
    }

    @Override
    protected void leasesLapse() {
        registry.leasesLapse();
    }

    @Override
    protected void drain(LaunchTag tag) {
        registry.drain(tag);
    }
}
