package io.torii.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java, the work directory and this host's addresses. */
class HostChecksTest {
    private static final String SELF = System.getProperty("user.name");
    private static final Path JDK = Path.of("/opt/jdk");

    @TempDir
    private Path directory;

    @Test
    void wantsTheJavaThatSparkIsMadeFor() throws InterruptedException {
        assertThat(java("17.0.15+6")).isEqualTo("ok   java: 17.0.15+6 in /opt/jdk");
        assertThat(java("11.0.2")).isEqualTo("FAIL java: 11.0.2 in /opt/jdk; point JAVA_HOME at a JDK 17");
        assertThat(java("21"))
                .isEqualTo(
                        "warn java: 21 in /opt/jdk, and Spark 3.5 in agents and local engines is made for 17 at most;"
                                + " point JAVA_HOME at a JDK 17");
        assertThat(lines(JavaCheck.own())).singleElement().asString().contains(System.getProperty("java.home"));
    }

    @Test
    void makesNoWorkDirectory() throws InterruptedException {
        Path none = directory.resolve("a/work");

        assertThat(lines(work(none, 1, 1)))
                .singleElement()
                .asString()
                .startsWith("ok   work directory: " + none + " will be made, with ")
                .endsWith(" MiB free");
        assertThat(directory.resolve("a")).doesNotExist();
    }

    @Test
    void saysWhoUsesTheWorkDirectory() throws InterruptedException {
        Check check = new WorkDirectoryCheck(directory, 1, 1, SELF, Optional.of(new RunningGateway(4711, Map.of())));

        assertThat(lines(check)).singleElement().asString().endsWith("in use by the running gateway (pid 4711)");
    }

    @Test
    void wantsRoom() throws InterruptedException {
        assertThat(lines(work(directory, Long.MAX_VALUE, Long.MAX_VALUE)))
                .singleElement()
                .asString()
                .startsWith("FAIL work directory: " + directory)
                .endsWith(" MiB free, where a gateway needs 8796093022207; free some, or choose another with"
                        + " gateway.work-directory");
        assertThat(lines(work(directory, 1, Long.MAX_VALUE)))
                .singleElement()
                .asString()
                .startsWith("warn work directory: " + directory)
                .endsWith("; free some: logs, the store and local engines' results are kept there");
    }

    @Test
    void saysThatAFileIsInTheWay() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(lines(work(file, 1, 1)))
                .containsExactly("FAIL work directory: " + file + " is a file; move it away, or choose another with"
                        + " gateway.work-directory");
        assertThat(lines(work(file.resolve("work"), 1, 1)))
                .containsExactly("FAIL work directory: " + file + " is a file; move it away, or choose another with"
                        + " gateway.work-directory");
    }

    @Test
    void saysThatSomebodyElseOwnsTheWorkDirectory() throws InterruptedException, IOException {
        String owner = Files.getOwner(directory).getName();

        assertThat(lines(new WorkDirectoryCheck(directory, 1, 1, "somebody", Optional.empty())))
                .containsExactly("warn work directory: " + directory + " is of " + owner + ", and this is somebody; run"
                        + " the doctor and the gateway as the same user, so that what one can read the other can");
    }

    @Test
    void warnsOfAnAddressThatEnginesElsewhereCannotReach() throws InterruptedException {
        URI loopback = URI.create("http://127.0.0.1:10008");

        assertThat(lines(new HostCheck(loopback, false)).get(1)).isEqualTo("ok   home address: " + loopback);
        assertThat(lines(new HostCheck(loopback, true)).get(1))
                .isEqualTo(
                        "warn home address: " + loopback + ": engines on other hosts cannot call home there; set"
                                + " home.host to 0.0.0.0 or to this host's address, or home.advertise to a URL that they reach");
        assertThat(lines(new HostCheck(URI.create("http://192.0.2.7:10008"), true))
                        .get(1))
                .isEqualTo("ok   home address: http://192.0.2.7:10008");
    }

    @Test
    void saysThatAnAddressIsUnknown() throws InterruptedException {
        assertThat(lines(new HostCheck(URI.create("http://gateway.invalid:10008"), false))
                        .get(1))
                .isEqualTo("FAIL home address: http://gateway.invalid:10008: the host 'gateway.invalid' is unknown;"
                        + " correct home.host or home.advertise");
    }

    private static Check work(Path path, long least, long comfortable) {
        return new WorkDirectoryCheck(path, least, comfortable, SELF, Optional.empty());
    }

    private static String java(String version) throws InterruptedException {
        return lines(new JavaCheck(Runtime.Version.parse(version), JDK)).get(0);
    }

    private static List<String> lines(Check check) throws InterruptedException {
        return check.look().stream().map(Finding::line).toList();
    }
}
