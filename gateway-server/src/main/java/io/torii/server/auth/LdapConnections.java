package io.torii.server.auth;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import javax.net.ssl.SSLContext;

/** Connections to a directory as its settings want them: bounded in number and in time, TLS with the right host only. */
final class LdapConnections {
    private LdapConnections() {}

    /** A pool that connects when it is first used. */
    static LDAPConnectionPool pool(LdapSettings settings, SSLContext tls) {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        int timeout = (int) Math.min(Integer.MAX_VALUE, settings.timeout().toMillis());
        options.setConnectTimeoutMillis(timeout);
        options.setResponseTimeoutMillis(timeout);
        options.setFollowReferrals(false);
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        String host = settings.url().getHost();
        SingleServerSet server = settings.isTls()
                ? new SingleServerSet(host, settings.port(), tls.getSocketFactory(), options)
                : new SingleServerSet(host, settings.port(), options);
        PostConnectProcessor upgrade =
                settings.startTls() && !settings.isTls() ? new StartTLSPostConnectProcessor(tls) : null;
        BindRequest bind = settings.service().map(LdapConnections::serviceBind).orElse(null);
        try {
            LDAPConnectionPool pool = new LDAPConnectionPool(server, bind, 0, settings.connections(), upgrade, false);
            pool.setConnectionPoolName("ldap");
            pool.setCreateIfNecessary(true); // the executor bounds how many
            pool.setMaxWaitTimeMillis(timeout);
            return pool;
        } catch (LDAPException e) {
            throw new IllegalArgumentException("No connections to " + settings.url() + ": " + e.getMessage(), e);
        }
    }

    static SimpleBindRequest serviceBind(LdapSettings.Service service) {
        return new SimpleBindRequest(service.dn(), service.password().value());
    }
}
