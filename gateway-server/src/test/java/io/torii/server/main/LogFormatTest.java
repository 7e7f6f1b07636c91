package io.torii.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's own logback.xml, as a process has it. */
class LogFormatTest {
    @TempDir
    Path directory;

    /** What the process logs. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Logger log = LoggerFactory.getLogger("io.torii.Test");
            log.atInfo()
                    .addKeyValue("session", "s-1")
                    .addKeyValue("statement", "q-1")
                    .log("first\nsecond");
            log.info("plain");
            if (arguments.length > 0) {
                LoggerFactory.getLogger("io.torii.audit").info("{\"user\":\"{}\"}");
            }
        }
    }

    @Test
    void aLineOfTextIsOneLineWithItsKeysAtTheEnd() throws Exception {
        List<String> lines = run("text").lines().toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith(" [main] Test - first second session=s-1 statement=q-1");
        assertThat(lines.get(1)).endsWith(" - plain");
    }

    @Test
    void aLineOfJsonHasTheSameKeys() throws Exception {
        List<String> lines = run("json").lines().toList();

        assertThat(lines).hasSize(2);
        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get("formattedMessage").asText()).isEqualTo("first\nsecond");
        assertThat(line.get("kvpList").toString()).isEqualTo("[{\"session\":\"s-1\"},{\"statement\":\"q-1\"}]");
    }

    @Test
    void theAuditLogIsAFileOfItsOwn() throws Exception {
        String console = run("text", "audit");

        assertThat(console).doesNotContain("user");
        assertThat(Files.readString(directory.resolve("audit.log"))).isEqualTo("{\"user\":\"{}\"}\n");
    }

    private String run(String format, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile="
                        + Path.of("src/main/resources/logback.xml").toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TORII_LOG_FORMAT", format);
        builder.environment().put("TORII_LOG_DIR", directory.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
