package io.torii.engine.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** How the child processes log. */
final class Logging {
    private Logging() {}

    static String configuration() throws IOException {
        try (InputStream resource = Logging.class.getResourceAsStream("log4j2.properties")) {
            if (resource == null) {
                throw new IOException("log4j2.properties is missing in Torii's own jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
