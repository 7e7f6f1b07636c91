package io.torii.server.auth;

import static io.torii.server.auth.Answers.failure;
import static io.torii.server.auth.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords go only to the directory that was meant, and encrypted if that was said. */
class LdapTlsTest {
    @TempDir
    static Path keys;

    private static SSLContext tls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = Directory.certificate(keys, "localhost");
    }

    @Test
    void speaksTlsFromTheStart() throws Exception {
        try (Directory directory = Directory.withTls(tls)) {
            assertThat(identity(login(directory.settings().address("ldaps://localhost"), tls))
                            .user())
                    .isEqualTo("alice");
        }
    }

    @Test
    void upgradesToTls() throws Exception {
        try (Directory directory = Directory.withStartTls(tls)) {
            DirectorySettings settings = directory.settings().startTls();

            assertThat(identity(login(settings, tls)).user()).isEqualTo("alice");
        }
    }

    @Test
    void doesNotGoOnInTheClearIfTheUpgradeIsRefused() throws Exception {
        try (Directory directory = Directory.plain()) {
            assertRefused(directory.settings().startTls(), tls);
        }
    }

    @Test
    void trustsNoUnknownCertificate() throws Exception {
        try (Directory encrypted = Directory.withTls(tls);
                Directory upgraded = Directory.withStartTls(tls)) {
            assertRefused(encrypted.settings().address("ldaps://localhost"), SSLContext.getDefault());
            assertRefused(upgraded.settings().startTls(), SSLContext.getDefault());
        }
    }

    @Test
    void trustsNoCertificateOfAnotherHost() throws Exception {
        SSLContext other = Directory.certificate(keys, "directory.example.com");
        try (Directory encrypted = Directory.withTls(other);
                Directory upgraded = Directory.withStartTls(other)) {
            assertRefused(encrypted.settings().address("ldaps://localhost"), other);
            assertRefused(upgraded.settings().startTls(), other);
        }
    }

    private static void assertRefused(DirectorySettings settings, SSLContext trusted) {
        assertThat(failure(login(settings, trusted)).code()).isEqualTo(ErrorCode.AUTHENTICATION_UNAVAILABLE);
    }

    private static CompletableFuture<Identity> login(DirectorySettings settings, SSLContext trusted) {
        try (LdapAuthenticator authenticator =
                new LdapAuthenticator(settings.build(), Runnable::run, new MovableClock(), trusted)) {
            return authenticator.authenticate("alice", new Secret("wonder"));
        }
    }
}
