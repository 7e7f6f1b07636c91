package io.torii.it;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where Torii's source tree is, with what its build has made. */
public final class Home {
    private Home() {}

    /** The system property {@code torii.home}, else the nearest folder upwards that holds {@code bin/torii}. */
    public static Path directory() {
        String given = System.getProperty("torii.home");
        Path place = Path.of(given == null ? "" : given).toAbsolutePath();
        while (place != null && !Files.isExecutable(place.resolve("bin/torii"))) {
            place = place.getParent();
        }
        if (place == null) {
            throw new IllegalStateException(
                    "no bin/torii at or above " + Path.of("").toAbsolutePath());
        }
        return place;
    }
}
