package io.torii.server.auth;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.cert.ManageCertificates;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A directory with some people and groups, which nobody may search anonymously, in this process. */
final class Directory implements AutoCloseable {
    static final String ODD_NAME = "o'hara, scarlett (*) \\ #1";
    static final String SERVICE = "cn=search,dc=example,dc=com";
    private static final char[] PIN = "changeit".toCharArray();
    private static final String ALIAS = "directory";

    private final InMemoryDirectoryServer server;
    private final SearchRights rights = new SearchRights();

    private Directory(InMemoryListenerConfig listener) throws LDAPException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
        config.addAdditionalBindCredentials(SERVICE, "s3cret");
        config.addInMemoryOperationInterceptor(rights);
        config.setAuthenticationRequiredOperationTypes(OperationType.SEARCH);
        config.setListenerConfigs(listener);
        config.setSchema(null);
        server = new InMemoryDirectoryServer(config);
        server.add(new Entry("dc=example,dc=com", new Attribute("objectClass", "domain")));
        server.add(new Entry("ou=people,dc=example,dc=com", new Attribute("objectClass", "organizationalUnit")));
        server.add(new Entry("ou=groups,dc=example,dc=com", new Attribute("objectClass", "organizationalUnit")));
        person("alice", "wonder");
        person("bob", "builder");
        person(ODD_NAME, "tara");
        group("planters", "member", dn(ODD_NAME));
        group("analysts", "member", dn("alice"));
        group("admins", "uniqueMember", dn("alice"));
        group("posix", "memberUid", "alice");
        group("builders", "member", dn("bob"));
        server.startListening();
    }

    static Directory plain() throws LDAPException {
        return new Directory(InMemoryListenerConfig.createLDAPConfig("ldap", 0));
    }

    static Directory withStartTls(SSLContext tls) throws LDAPException {
        return new Directory(InMemoryListenerConfig.createLDAPConfig("ldap", null, 0, tls.getSocketFactory()));
    }

    static Directory withTls(SSLContext tls) throws LDAPException {
        return new Directory(InMemoryListenerConfig.createLDAPSConfig("ldaps", 0, tls.getServerSocketFactory()));
    }

    /** A context with a new certificate for this host, which it trusts itself. */
    static SSLContext certificate(Path directory, String host) throws Exception {
        Path file = directory.resolve(host + ".p12");
        ManageCertificates.main(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                "generate-self-signed-certificate",
                "--keystore=" + file,
                "--keystore-type=PKCS12",
                "--keystore-password=" + new String(PIN),
                "--alias=" + ALIAS,
                "--subject-dn=CN=" + host,
                "--subject-alternative-name-dns=" + host);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PIN);
        }
        KeyManagerFactory key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        key.init(keys, PIN);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PIN);
        trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    static String dn(String user) {
        return new RDN("uid", user) + ",ou=people,dc=example,dc=com";
    }

    void person(String user, String password) throws LDAPException {
        server.add(new Entry(
                dn(user),
                new Attribute("objectClass", "inetOrgPerson"),
                new Attribute("uid", user),
                new Attribute("mail", user + "@example.com"),
                new Attribute("userPassword", password)));
    }

    void group(String name, String attribute, String member) throws LDAPException {
        server.add(new Entry(
                new RDN("cn", name) + ",ou=groups,dc=example,dc=com",
                new Attribute("objectClass", "groupOfNames"),
                new Attribute("cn", name),
                new Attribute(attribute, member)));
    }

    void password(String user, String password) throws LDAPException {
        server.modify(dn(user), new Modification(ModificationType.REPLACE, "userPassword", password));
    }

    /** From now on users may bind, but only the service account may search. */
    void letOnlyTheServiceSearch() {
        rights.forServiceOnly = true;
    }

    /** How long each answer takes from now on. */
    void delay(Duration delay) {
        server.setProcessingDelayMillis(delay.toMillis());
    }

    /** Ends all connections and takes no more. */
    void stop() {
        server.shutDown(true);
    }

    /** Listens again, at the port it had. */
    void resume() throws LDAPException {
        server.startListening();
    }

    int port() {
        return server.getListenPort();
    }

    DirectorySettings settings() {
        return new DirectorySettings(port()).service(SERVICE, "s3cret");
    }

    @Override
    public void close() {
        server.shutDown(true);
    }

    private static final class SearchRights extends InMemoryOperationInterceptor {
        private final Map<Long, String> bound = new ConcurrentHashMap<>();
        private volatile boolean forServiceOnly;

        @Override
        public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest bind) {
            bound.put(bind.getConnectionID(), bind.getRequest().getBindDN());
        }

        @Override
        public void processSearchRequest(InMemoryInterceptedSearchRequest search) throws LDAPException {
            if (forServiceOnly && !SERVICE.equals(bound.get(search.getConnectionID()))) {
                throw new LDAPException(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            }
        }
    }
}
