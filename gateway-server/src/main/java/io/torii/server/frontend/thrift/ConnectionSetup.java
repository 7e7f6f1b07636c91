package io.torii.server.frontend.thrift;

import io.netty.handler.ssl.SslContext;
import io.torii.server.auth.Logins;
import io.torii.server.session.Sessions;
import java.util.Optional;

/** What every connection of a port shares. Thread-safe. */
record ConnectionSetup(
        ThriftLimits limits,
        MessageBudget budget,
        Optional<SslContext> tls,
        Logins logins,
        Sessions sessions,
        HiveCalls calls) {}
