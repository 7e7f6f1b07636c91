package io.torii.server.frontend.thrift;

import static java.util.Objects.requireNonNull;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.torii.api.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * A file with the private key and certificates of a TLS port. Immutable.
 *
 * @param type PKCS12 or JKS
 */
public record KeyStoreFile(Path path, Secret password, String type) {
    public KeyStoreFile {
        requireNonNull(path, "path");
        requireNonNull(password, "password");
        requireNonNull(type, "type");
    }

    /** Reads the file. Fails with an IllegalArgumentException that says what is wrong with it. */
    SslContext serverContext() {
        try {
            return SslContextBuilder.forServer(keys())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw unreadable(e);
        }
    }

    /** The same, for who speaks TLS without Netty. */
    public SSLContext sslContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys().getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unreadable(e);
        }
    }

    private KeyManagerFactory keys() {
        char[] secret = password.value().toCharArray();
        try (InputStream in = Files.newInputStream(path)) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(in, secret);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, secret);
            return keys;
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(e);
        }
    }

    private IllegalArgumentException unreadable(Exception cause) {
        return new IllegalArgumentException("Key store " + path + " cannot be read as " + type + ": " + cause, cause);
    }
}
