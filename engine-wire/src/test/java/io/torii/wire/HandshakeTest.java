package io.torii.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.wire.Handshake.Engine;
import io.torii.wire.Handshake.Gateway;
import io.torii.wire.Handshake.Versions;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final Versions V1 = new Versions(1, 1);

    @Test
    void bothSidesProveThatTheyKnowTheSecret() {
        Gateway gateway = new Gateway("secret", V1);
        Engine engine = new Engine("secret", V1);

        engine.prove(gateway.prove(engine.hello(gateway.hello())));

        assertThat(engine.proved()).isTrue();
        assertThat(gateway.version()).isEqualTo(1);
    }

    @Test
    void agreesOnTheHighestCommonVersion() {
        Gateway gateway = new Gateway("secret", new Versions(1, 4));
        Engine engine = new Engine("secret", new Versions(2, 3));

        engine.prove(gateway.prove(engine.hello(gateway.hello())));

        assertThat(gateway.version()).isEqualTo(3);
    }

    @Test
    void saysInOneSentenceThatThereIsNoCommonVersion() {
        Gateway gateway = new Gateway("secret", new Versions(1, 2));
        Engine engine = new Engine("secret", new Versions(3, 4));

        assertThatThrownBy(() -> engine.hello(gateway.hello()))
                .hasMessage("Gateway and engine have no common wire version: the gateway speaks 1-2, the engine 3-4;"
                        + " upgrade the older one");
    }

    @Test
    void theGatewayRefusesAnEngineWithAnotherSecret() {
        Gateway gateway = new Gateway("secret", V1);
        Engine engine = new Engine("other", V1);

        assertThatThrownBy(() -> gateway.prove(engine.hello(gateway.hello())))
                .hasMessage("What answered did not prove that it is the engine");
    }

    @Test
    void theEngineRefusesItsOwnProofReflected() {
        Engine engine = new Engine("secret", V1);
        WireReply hello = engine.hello(new Gateway("unknown", V1).hello());

        WireCall reflected = prove(hello.header(Handshake.PROOF).orElse(""));

        assertThatThrownBy(() -> engine.prove(reflected)).hasMessageContaining("did not prove");
        assertThat(engine.proved()).isFalse();
    }

    @Test
    void aProofFromAnotherConnectionIsOfNoUse() {
        Gateway gateway = new Gateway("secret", V1);
        Engine earlier = new Engine("secret", V1);
        WireCall overheard = gateway.prove(earlier.hello(gateway.hello()));
        Engine engine = new Engine("secret", V1);
        engine.hello(gateway.hello());

        assertThatThrownBy(() -> engine.prove(overheard)).hasMessageContaining("did not prove");
    }

    @Test
    void anEngineCannotUseAnotherEnginesAnswer() {
        // the impostor hands the gateway's nonce to the real engine as its own: it gets a proof for its own connection
        Gateway gateway = new Gateway("secret", V1);
        Engine engine = new Engine("secret", V1);
        WireReply real = engine.hello(new Gateway("unknown", V1).hello());

        assertThatThrownBy(() -> gateway.prove(real)).hasMessageContaining("did not prove");
    }

    @Test
    void nobodyCanTalkTheSidesIntoAnOlderVersion() {
        Gateway gateway = new Gateway("secret", new Versions(1, 3));
        Engine engine = new Engine("secret", new Versions(1, 3));
        WireReply hello = engine.hello(gateway.hello());

        WireReply changed = hello.with(Handshake.VERSIONS, "1-2").with(Handshake.CHOSEN, "2");

        assertThatThrownBy(() -> gateway.prove(changed)).hasMessageContaining("did not prove");
    }

    @Test
    void theEngineIsProvedToOnceAndInOrder() {
        Engine engine = new Engine("secret", V1);
        assertThatThrownBy(() -> engine.prove(prove("00"))).hasMessageContaining("did not prove");

        Gateway gateway = new Gateway("secret", V1);
        engine.hello(gateway.hello());

        assertThatThrownBy(() -> engine.hello(gateway.hello())).hasMessage("Hello has been said already");
    }

    @Test
    void refusesMalformedOffers() {
        Engine engine = new Engine("secret", V1);
        WireCall hello = new Gateway("secret", V1).hello();

        assertThatThrownBy(() -> engine.hello(hello.with(Handshake.VERSIONS, "3-1")))
                .hasMessageContaining("Malformed");
        assertThatThrownBy(() -> engine.hello(hello.with(Handshake.VERSIONS, "99999999999-1")))
                .hasMessageContaining("Malformed");
        assertThatThrownBy(() -> engine.hello(hello.with(Handshake.NONCE, "short")))
                .hasMessageContaining("Malformed");
    }

    private static WireCall prove(String proof) {
        return WireCall.of(WireProtocol.PROVE, new byte[0]).with(Handshake.PROOF, proof);
    }
}
