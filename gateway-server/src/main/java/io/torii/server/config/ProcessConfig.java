package io.torii.server.config;

import java.nio.file.Path;
import java.util.Optional;

/** The gateway as a process. Immutable. */
public record ProcessConfig(
        @Doc("Where the gateway keeps its files; a relative path is below Torii's home") @Default("work")
                Path workDirectory,
        @Doc("`dev` also allows clusters of type local, which run users' code on the gateway's host") @Default("dev")
                Profile profile,
        @Doc("Name of this gateway among several; by default its host's name") Optional<String> name) {
    /** What the gateway is used for. */
    public enum Profile {
        DEV,
        PRODUCTION
    }

    public ProcessConfig {
        new Checks()
                .filled("work-directory", workDirectory.toString())
                .that(
                        name.map(text -> text.matches("[A-Za-z0-9._-]{1,100}")).orElse(true),
                        "name",
                        "may have letters, digits, '.', '_' and '-' only, 100 at most")
                .done();
    }
}
