package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Texts of the wire as a hostile peer may make them up: each is read or refused, in the way that is promised. */
class WireFuzzTest {
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.MIXIN)
    void anyTextSurvivesAHeader(@ForAll("wellFormed") String text) {
        assertThat(HeaderText.decode(HeaderText.encode(text))).isEqualTo(text);
    }

    @Property(tries = 2_000)
    void aHeaderIsDecodedOrRefused(@ForAll("crooked") String value) {
        refusedAtMost(() -> HeaderText.decode(value));
    }

    @Property(tries = 2_000)
    void aHelloIsAnsweredOrRefusedAndProvesNothing(
            @ForAll("crooked") String versions, @ForAll("crooked") String nonce, @ForAll("crooked") String proof) {
        Handshake.Engine engine = new Handshake.Engine("secret", Handshake.Versions.OURS);
        refusedAtMost(() -> engine.hello(WireCall.of(WireProtocol.HELLO, new byte[0])
                .with(Handshake.VERSIONS, versions)
                .with(Handshake.NONCE, nonce)));
        refusedAtMost(
                () -> engine.prove(WireCall.of(WireProtocol.PROVE, new byte[0]).with(Handshake.PROOF, proof)));
        assertThat(engine.proved()).isFalse();
    }

    @Property(tries = 2_000)
    void anAnswerToHelloIsRefused(@ForAll("crooked") String versions, @ForAll("crooked") String nonce) {
        Handshake.Gateway gateway = new Handshake.Gateway("secret", Handshake.Versions.OURS);
        assertThat(refusedAtMost(() -> gateway.prove(WireReply.of(new byte[0])
                        .with(Handshake.VERSIONS, versions)
                        .with(Handshake.CHOSEN, "1")
                        .with(Handshake.NONCE, nonce)
                        .with(Handshake.PROOF, nonce))))
                .isTrue();
    }

    @Property(tries = 300)
    void aLaunchFileIsReadOrRefused(@ForAll("launches") String text) throws IOException {
        Path file = Files.createTempFile("torii-launch", ".properties"); // the owner's alone
        try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            assertThat(LaunchFile.take(file).gateways()).isNotEmpty();
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("Launch file ");
        }
        assertThat(file).doesNotExist();
    }

    @Tag("long")
    @Property(tries = 200_000)
    void aFormIsReadOrRefusedInTheLongRun(@ForAll("forms") String body) {
        form(body);
    }

    @Property(tries = 2_000)
    void aFormIsReadOrRefused(@ForAll("forms") String body) {
        form(body);
    }

    private static void form(String body) {
        try {
            assertThat(HomeForm.parse(body)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** Whether it was; any failure but the one that is promised is one of the test. */
    private static boolean refusedAtMost(Runnable reading) {
        try {
            reading.run();
            return false;
        } catch (WireException e) {
            assertThat(e.getMessage()).isNotBlank();
            return true;
        }
    }

    @Provide
    Arbitrary<String> wellFormed() {
        return Arbitraries.strings().ofMaxLength(40).filter(text -> text.chars()
                .noneMatch(c -> Character.isSurrogate((char) c)));
    }

    @Provide
    Arbitrary<String> crooked() {
        Arbitrary<String> pieces = Arbitraries.of(
                "%",
                "%4",
                "%zz",
                "%C3%",
                "%00",
                "+",
                "1-1",
                "0-0",
                "1",
                "-",
                "999999-1",
                "1-999999",
                "9999999-1",
                String.join("", Collections.nCopies(64, "a")),
                "\u0661-1",
                "\n",
                "");
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20),
                pieces,
                pieces.list().ofMaxSize(4).map(list -> String.join("", list)));
    }

    @Provide
    Arbitrary<String> forms() {
        return Arbitraries.of("tag", "token", "=", "&", "&&", "%", "%4", "%41", "+", "\u00fc", "a", "\0", "==")
                .list()
                .ofMaxSize(30)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> launches() {
        Map<String, String> launch = new HashMap<>();
        for (String key : Arrays.asList(
                LaunchFile.TAG, LaunchFile.TOKEN, LaunchFile.SECRET, LaunchFile.USER, LaunchFile.SHARE_LEVEL)) {
            launch.put(key, "x");
        }
        StringBuilder valid = new StringBuilder("gateways=http://127.0.0.1:10008,\n");
        launch.forEach(
                (key, value) -> valid.append(key).append('=').append(value).append('\n'));
        return Arbitraries.of(
                        valid.toString(),
                        "gateways=",
                        "http://",
                        "[",
                        "\\u00",
                        "\\",
                        "=",
                        "\n",
                        "gateways=ftp://x\n",
                        "gateways=http://a b\n",
                        "gateways=http:x\n",
                        "tag=\n",
                        "\0",
                        "\\uD800",
                        ",")
                .list()
                .ofMaxSize(6)
                .map(list -> String.join("", list));
    }
}
