package io.torii.wire;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a launch tells its engine: a properties file in UTF-8 that only its owner may read, for it holds the engine's secret
 * and its one-time token. Printed, it shows neither. Immutable, thread-safe.
 */
public final class LaunchFile {
    public static final String TAG = "tag";
    public static final String TOKEN = "token";
    public static final String SECRET = "secret";
    public static final String GATEWAYS = "gateways";
    public static final String USER = "user";
    public static final String SHARE_LEVEL = "share-level";
    public static final String BIND_HOST = "bind-host";
    public static final String ADVERTISE_HOST = "advertise-host";

    private static final int MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<String> REQUIRED =
            new HashSet<>(Arrays.asList(TAG, TOKEN, SECRET, GATEWAYS, USER, SHARE_LEVEL));

    private final Map<String, String> values;
    private final List<URI> gateways;

    private LaunchFile(Map<String, String> values) {
        for (String key : REQUIRED) {
            if (values.getOrDefault(key, "").isEmpty()) {
                throw new IllegalArgumentException("Launch file has no " + key);
            }
        }
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
        this.gateways = parseGateways(values.get(GATEWAYS));
    }

    /** @throws IllegalArgumentException if a required key is missing or a gateway is not an HTTP address */
    public static LaunchFile of(Map<String, String> values) {
        return new LaunchFile(values);
    }

    /**
     * @throws IOException if the file cannot be read, may be read by others than its owner, or does not hold a launch; the
     *     message holds nothing of its contents
     */
    public static LaunchFile read(Path file) throws IOException {
        requirePrivate(file);
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("Launch file " + file + " is larger than " + MAX_BYTES + " bytes");
        }
        Properties properties = new Properties();
        Map<String, String> values = new TreeMap<>();
        try {
            properties.load(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
            properties
                    .stringPropertyNames()
                    .forEach(name ->
                            values.put(name, properties.getProperty(name).trim()));
            return new LaunchFile(values);
        } catch (IllegalArgumentException e) {
            throw new IOException("Launch file " + file + " is not usable: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the file and deletes it, also if it is of no use. Of a symbolic link, as YARN makes one in a container, what it
     * points to goes too: it would stay on the node for whatever runs there as the same user.
     */
    public static LaunchFile take(Path file) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file;
        try {
            return read(file);
        } finally {
            Files.deleteIfExists(target);
            Files.deleteIfExists(file);
        }
    }

    /** Makes the file; it must not exist yet. */
    public void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(values);
        StringWriter text = new StringWriter();
        properties.store(text, null);
        boolean posix =
                Files.getFileAttributeView(file.toAbsolutePath().getParent(), PosixFileAttributeView.class) != null;
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Files.createFile(file, attributes);
        Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    }

    public String tag() {
        return values.get(TAG);
    }

    public String token() {
        return values.get(TOKEN);
    }

    public String secret() {
        return values.get(SECRET);
    }

    /** Base addresses of gateways, at least one. */
    public List<URI> gateways() {
        return gateways;
    }

    public String user() {
        return values.get(USER);
    }

    public String shareLevel() {
        return values.get(SHARE_LEVEL);
    }

    /** Where to listen; loopback if it does not say. */
    public String bindHost() {
        return option(BIND_HOST).orElse("127.0.0.1");
    }

    /** What gateways shall dial; the bind host if it does not say. */
    public String advertiseHost() {
        return option(ADVERTISE_HOST).orElseGet(this::bindHost);
    }

    /** Any other key. */
    public Optional<String> option(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** @throws IllegalArgumentException if the option is there but is no ISO-8601 duration */
    public Duration duration(String key, Duration otherwise) {
        try {
            return option(key).map(Duration::parse).orElse(otherwise);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "Launch option " + key + ": " + values.get(key) + " (expected: a duration such as PT30M)", e);
        }
    }

    /** @throws IllegalArgumentException if the option is there but is no whole number */
    public long number(String key, long otherwise) {
        try {
            return option(key).map(Long::parseLong).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Launch option " + key + ": " + values.get(key) + " (expected: a whole number)", e);
        }
    }

    @Override
    public String toString() {
        return "LaunchFile[tag=" + tag() + ", gateways=" + gateways + "]";
    }

    private static void requirePrivate(Path file) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (posix == null) {
            return;
        }
        Set<PosixFilePermission> permissions = posix.readAttributes().permissions();
        for (PosixFilePermission permission : permissions) {
            if (permission.name().startsWith("GROUP_") || permission.name().startsWith("OTHERS_")) {
                throw new IOException("Launch file " + file + " is open to others than its owner ("
                        + PosixFilePermissions.toString(permissions) + "; expected: rw-------)");
            }
        }
    }

    private static List<URI> parseGateways(String text) {
        List<URI> gateways = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String address = part.trim();
            if (!address.isEmpty()) {
                gateways.add(HomeClient.requireBase(URI.create(address)));
            }
        }
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("Launch file has no " + GATEWAYS);
        }
        return Collections.unmodifiableList(gateways);
    }
}
