package io.torii.server.main;

import io.torii.api.Secret;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Authenticator;
import io.torii.server.auth.FileAuthenticator;
import io.torii.server.auth.LdapAuthenticator;
import io.torii.server.auth.LdapSettings;
import io.torii.server.auth.Logins;
import io.torii.server.auth.NoAuthenticator;
import io.torii.server.auth.proxy.Impersonation;
import io.torii.server.auth.proxy.ProxyUsers;
import io.torii.server.config.GatewayConfig;
import io.torii.server.config.LdapConfig;
import io.torii.server.config.ThriftConfig;
import io.torii.server.config.ThriftHttpConfig;
import io.torii.server.config.TlsConfig;
import io.torii.server.frontend.thrift.HiveService;
import io.torii.server.frontend.thrift.KeyStoreFile;
import io.torii.server.frontend.thrift.ThriftBinaryConfig;
import io.torii.server.frontend.thrift.ThriftBinaryServer;
import io.torii.server.frontend.thrift.ThriftLimits;
import io.torii.server.frontend.thrift.http.LoginCookies;
import io.torii.server.frontend.thrift.http.ThriftHttpServer;
import io.torii.server.frontend.thrift.http.ThriftHttpServerConfig;
import io.torii.server.metrics.GatewayMetrics;
import io.torii.server.metrics.MeteredAuthenticator;
import io.torii.server.session.Sessions;
import io.torii.server.session.Statements;
import io.torii.server.store.SharedSecrets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the ports that Hive's clients connect to, and what is behind both. One thread at a time. */
final class ThriftFrontends {
    private static final String COOKIE_KEY = "login-cookies";

    private final GatewayConfig config;
    private final ThriftConfig thrift;
    private final Installation installation;
    private final GatewayThreads threads;
    private final Clock clock;
    private final Authenticator authenticator;

    ThriftFrontends(
            GatewayConfig config,
            Installation installation,
            GatewayThreads threads,
            GatewayMetrics metrics,
            Clock clock) {
        this.config = config;
        this.thrift = config.thrift();
        this.installation = installation;
        this.threads = threads;
        this.clock = clock;
        this.authenticator = new MeteredAuthenticator(authenticator(), metrics);
    }

    /** Who may act for whom. */
    Impersonation impersonation() {
        List<ProxyUsers.Rule> rules = config.authentication().proxyUsers().stream()
                .map(rule -> new ProxyUsers.Rule(
                        rule.user(), Set.copyOf(rule.hosts()), Set.copyOf(rule.users()), Set.copyOf(rule.groups())))
                .toList();
        Set<String> own = Stream.concat(
                        Stream.of(System.getProperty("user.name")),
                        config.clusters().stream().flatMap(cluster -> cluster.yarn().principal().stream()))
                .collect(Collectors.toSet());
        return new Impersonation(new ProxyUsers(rules, own), authenticator);
    }

    /** What both ports serve. */
    HiveService service(String sparkVersion, Sessions sessions, Statements statements) {
        return new HiveService(
                ThriftLimits.of(
                        (int) thrift.maxMessageSize().bytes(),
                        thrift.maxConnections(),
                        thrift.maxConnectionsPerAddress(),
                        thrift.loginTimeout(),
                        thrift.idleTimeout(),
                        thrift.pollLimit()),
                sparkVersion,
                config.session().fetchSize(),
                new Logins(authenticator, clock),
                sessions,
                statements);
    }

    ThriftBinaryServer binary(HiveService service) {
        return new ThriftBinaryServer(
                new ThriftBinaryConfig(thrift.host(), thrift.port(), thrift.backlog(), keyStore()),
                threads.acceptor,
                threads.loops,
                service);
    }

    /** Empty if it is switched off. Blocks until the store has the key of its cookies. */
    Optional<ThriftHttpServer> http(HiveService service, SharedSecrets secrets) {
        ThriftHttpConfig http = thrift.http();
        if (!http.enabled()) {
            return Optional.empty();
        }
        LoginCookies cookies = new LoginCookies(
                waitFor(secrets.get(COOKIE_KEY)), config.authentication().source(), http.cookieMaxAge(), clock);
        return Optional.of(new ThriftHttpServer(
                new ThriftHttpServerConfig(
                        http.hostOr(thrift.host()),
                        http.port(),
                        http.path(),
                        thrift.backlog(),
                        http.maxConnections(),
                        http.idleTimeout(),
                        keyStore()),
                threads.loops,
                service,
                cookies));
    }

    private static <T> T waitFor(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof GatewayException problem ? problem : e;
        }
    }

    private Optional<KeyStoreFile> keyStore() {
        TlsConfig tls = thrift.tls();
        return tls.enabled()
                ? tls.keystore()
                        .map(path -> new KeyStoreFile(
                                installation.resolve(path),
                                tls.keystorePassword().orElse(new Secret("")),
                                tls.keystoreType()))
                : Optional.empty();
    }

    private Authenticator authenticator() {
        return switch (config.authentication().type()) {
            case NONE -> new NoAuthenticator();
            case FILE ->
                new FileAuthenticator(
                        installation.resolve(config.authentication().file().path()), threads.logins, clock);
            case LDAP -> new LdapAuthenticator(ldapOf(config.authentication().ldap()), threads.logins, clock);
        };
    }

    private static LdapSettings ldapOf(LdapConfig ldap) {
        return new LdapSettings(
                ldap.url().orElseThrow(),
                ldap.startTls(),
                ldap.userDnPattern(),
                ldap.bindDn()
                        .map(dn ->
                                new LdapSettings.Service(dn, ldap.bindPassword().orElseThrow())),
                ldap.userBase(),
                ldap.userFilter(),
                ldap.groupBase(),
                ldap.groupFilter(),
                ldap.groupNameAttribute(),
                ldap.allowedGroups(),
                ldap.timeout(),
                ldap.connections());
    }
}
