package io.torii.server.config;

import io.torii.api.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** TLS of a listening port. Immutable. */
public record TlsConfig(
        @Doc("Whether clients must use TLS") @Default("false") boolean enabled,
        @Doc("File with the private key and its certificates") Optional<Path> keystore,
        @Doc("Password of the key store") Optional<Secret> keystorePassword,
        @Doc("Format of the key store: PKCS12 or JKS") @Default("PKCS12") String keystoreType) {
    public TlsConfig {
        new Checks()
                .that(!enabled || keystore.isPresent(), "keystore", "is not set, but TLS is enabled")
                .filled("keystore-type", keystoreType)
                .done();
    }
}
