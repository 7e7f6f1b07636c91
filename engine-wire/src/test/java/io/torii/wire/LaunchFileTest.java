package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchFileTest {
    private final Map<String, String> values = new HashMap<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void fill() {
        values.put(LaunchFile.TAG, "torii-0123");
        values.put(LaunchFile.TOKEN, "the-token");
        values.put(LaunchFile.SECRET, "the-secret");
        values.put(LaunchFile.GATEWAYS, "http://127.0.0.1:10008, https://gateway.example.com/torii/");
        values.put(LaunchFile.USER, "älice=b");
        values.put(LaunchFile.SHARE_LEVEL, "user");
    }

    @Test
    void readsWhatItWrote() throws Exception {
        values.put("idle-timeout", "PT30M");
        values.put("result-memory", "67108864");
        Path file = directory.resolve("launch");
        LaunchFile.of(values).write(file);

        LaunchFile launch = LaunchFile.take(file);

        assertThat(launch.tag()).isEqualTo("torii-0123");
        assertThat(launch.token()).isEqualTo("the-token");
        assertThat(launch.secret()).isEqualTo("the-secret");
        assertThat(launch.user()).isEqualTo("älice=b");
        assertThat(launch.shareLevel()).isEqualTo("user");
        assertThat(launch.gateways())
                .containsExactly(
                        URI.create("http://127.0.0.1:10008"), URI.create("https://gateway.example.com/torii/"));
        assertThat(launch.duration("idle-timeout", Duration.ZERO)).isEqualTo(Duration.ofMinutes(30));
        assertThat(launch.number("result-memory", 0)).isEqualTo(67_108_864);
        assertThat(file).doesNotExist();
    }

    @Test
    void leavesNothingOfAFileThatALinkPointsTo() throws Exception {
        Path file = directory.resolve("cached");
        LaunchFile.of(values).write(file);
        Path link = Files.createSymbolicLink(directory.resolve("launch"), file);

        LaunchFile launch = LaunchFile.take(link);

        assertThat(launch.secret()).isEqualTo("the-secret");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void hasDefaultsForWhatIsNotThere() {
        LaunchFile launch = LaunchFile.of(values);

        assertThat(launch.bindHost()).isEqualTo("127.0.0.1");
        assertThat(launch.advertiseHost()).isEqualTo("127.0.0.1");
        assertThat(launch.duration("max-lifetime", Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(launch.option("web")).isEmpty();
    }

    @Test
    void isWrittenForItsOwnerAlone() throws Exception {
        Path file = directory.resolve("launch");

        LaunchFile.of(values).write(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> LaunchFile.of(values).write(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void isNotReadIfOthersMayReadIt() throws Exception {
        Path file = directory.resolve("launch");
        LaunchFile.of(values).write(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> LaunchFile.take(file))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Launch file " + file + " is open to others than its owner (rw-r-----; expected: rw-------)");
        assertThat(file).doesNotExist();
    }

    @Test
    void saysWhatIsMissingOrWrong() {
        values.put("idle-timeout", "soon");
        values.put("result-memory", "64MB");
        LaunchFile launch = LaunchFile.of(values);
        assertThatThrownBy(() -> launch.duration("idle-timeout", Duration.ZERO))
                .hasMessage("Launch option idle-timeout: soon (expected: a duration such as PT30M)");
        assertThatThrownBy(() -> launch.number("result-memory", 0))
                .hasMessage("Launch option result-memory: 64MB (expected: a whole number)");

        values.put(LaunchFile.GATEWAYS, "file:///etc/passwd");
        assertThatThrownBy(() -> LaunchFile.of(values))
                .hasMessageStartingWith("gateway: file:///etc/passwd (expected:");

        values.remove(LaunchFile.SECRET);
        assertThatThrownBy(() -> LaunchFile.of(values)).hasMessage("Launch file has no secret");
    }

    @Test
    void readsWhatOthersWroteByHand() throws Exception {
        Path file = directory.resolve("launch");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String text = "tag=t\ntoken=a\nsecret=b=c\ngateways=http\\://127.0.0.1\\:1\nuser=ä\nshare-level=user\n";
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));

        LaunchFile launch = LaunchFile.read(file);

        assertThat(launch.user()).isEqualTo("ä");
        assertThat(launch.secret()).isEqualTo("b=c");
        assertThat(launch.gateways()).containsExactly(URI.create("http://127.0.0.1:1"));
    }

    @Test
    void doesNotShowItsSecrets() {
        assertThat(LaunchFile.of(values).toString())
                .contains("torii-0123")
                .doesNotContain("the-secret")
                .doesNotContain("the-token");
    }
}
