package io.torii.server.auth.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.0.0.0/9, 10.127.0.1, true",
        "10.0.0.0/9, 10.128.0.1, false",
        "0.0.0.0/0, 203.0.113.7, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fe80::1, false",
        "fe80::/10, fe80::1%eth0, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "10.1.2.3, ::ffff:10.1.2.3, true",
        "10.1.2.3, gate.example.com, false",
        "0.0.0.0/0, '10.1.2.3, 127.0.0.1', false",
        "0.0.0.0/0, '', false"
    })
    void containsTheAddressesWithItsFirstBits(String block, String address, boolean contained) {
        assertThat(AddressBlock.parse(block).orElseThrow().contains(address)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "localhost",
                "10",
                "10.1",
                "10.1.2",
                "010.1.2.3",
                "10.1.2.300",
                "10.1.2.3/",
                "10.1.2.3/33",
                "10.1.2.3/-1",
                "10.1.2.3/16",
                "10.1.2.3/16/8",
                "fd00::/129",
                "fd00::1/8",
                "fe80::1%eth0",
                "::1::",
                " 10.1.2.3"
            })
    void isNoNameAndNothingThatCouldBeMistaken(String text) {
        assertThat(AddressBlock.parse(text)).isEmpty();
    }
}
