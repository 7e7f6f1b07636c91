package io.torii.server.auth.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses with the same first bits; no name is ever looked up. Immutable, thread-safe. */
public final class AddressBlock {
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IP4 = Pattern.compile("(?:" + BYTE + "\\.){3}" + BYTE);
    private static final Pattern IP6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:[0-9]+(?:\\.[0-9]+){3})?");

    private final byte[] first;
    private final int bits;

    private AddressBlock(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /** {@code 10.1.2.3}, {@code 10.1.0.0/16}, {@code fd00::/8}; empty if it is nothing like that, or has bits beyond its length. */
    public static Optional<AddressBlock> parse(String text) {
        String[] parts = text.split("/", 2);
        Optional<byte[]> address = bytes(parts[0]);
        if (address.isEmpty() || (parts.length == 2 && !parts[1].matches("[0-9]{1,3}"))) {
            return Optional.empty();
        }
        int most = address.get().length * Byte.SIZE;
        int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : most;
        if (bits > most) {
            return Optional.empty();
        }
        for (int bit = bits; bit < most; bit++) {
            if (bitOf(address.get(), bit)) {
                return Optional.empty();
            }
        }
        return Optional.of(new AddressBlock(address.get(), bits));
    }

    /** Whether the address, as text, is one of these; what is no address is not. */
    public boolean contains(String address) {
        Optional<byte[]> asked = bytes(address.split("%", 2)[0]);
        if (asked.isEmpty() || asked.get().length != first.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (bitOf(asked.get(), bit) != bitOf(first, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bitOf(byte[] bytes, int bit) {
        return (bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) == 1;
    }

    /** IPv4 addresses that are written as IPv6 ones are IPv4 addresses. What comes to Java is never taken for a name. */
    private static Optional<byte[]> bytes(String address) {
        if (!IP4.matcher(address).matches() && !IP6.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }
}
