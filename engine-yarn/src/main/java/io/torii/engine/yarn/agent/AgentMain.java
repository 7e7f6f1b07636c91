package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.message.AgentSettings;
import io.torii.engine.yarn.message.Lines;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Reads its settings and then calls from standard input, writes answers to standard output; ends with its input. */
public final class AgentMain {
    private AgentMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // what libraries print must not get between the answers
        BufferedReader calls = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String first = calls.readLine();
        if (first == null) {
            return;
        }
        try (AgentServer server = new AgentServer(Agent.of(Lines.read(first, AgentSettings.class)), answers)) {
            server.serve(calls);
        }
        System.exit(0); // threads of Hadoop's clients must not keep it
    }
}
