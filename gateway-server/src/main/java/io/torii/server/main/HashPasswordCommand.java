package io.torii.server.main;

import io.torii.api.Secret;
import io.torii.server.auth.PasswordHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the hash of a password that a users file holds. Never takes it from the command line, which others can see. */
@Command(
        name = "hash-password",
        description = "Reads a password (the first line of standard input, or from the terminal) and prints its bcrypt"
                + " hash for a users file.",
        mixinStandardHelpOptions = true)
final class HashPasswordCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String password = read();
        if (password == null || password.isEmpty()) {
            spec.commandLine().getErr().println("torii: The password is empty");
            return GatewayMain.USAGE;
        }
        spec.commandLine()
                .getOut()
                .println(PasswordHash.of(new Secret(password)).text());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static String read() throws IOException {
        if (System.console() != null) {
            char[] typed = System.console().readPassword("Password: ");
            return typed == null ? null : new String(typed);
        }
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    }
}
