package io.torii.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine's calls home. Each goes to the gateway that answered last and, if that one does not answer or fails, to the
 * others in turn; a call blocks for at most the time-outs of all of them. One thread at a time. An engine may have several
 * clients that make different calls.
 */
public final class HomeClient {
    public static final String REGISTER = "/engine/v1/register";
    public static final String HEARTBEAT = "/engine/v1/heartbeat";
    public static final String LEAVE = "/engine/v1/leave";
    public static final String TOKENS = "/engine/v1/tokens";

    /** Further than a gateway takes, so that it has forgotten the times that we were ahead when we begin anew. */
    private static final Duration GIVEN_UP_AHEAD = Signature.MAX_AHEAD.plusSeconds(10);

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;
    private static final int MAX_ANSWER = 64 * 1024;

    /** A gateway asks others for tokens before it answers. */
    private static final int TOKENS_READ_MILLIS = 30_000;

    /** As Base64, and some more. */
    private static final int MAX_TOKENS_ANSWER = 2 * SealedTokens.MAX_BYTES;

    private final List<URI> gateways;
    private final String tag;
    private final String token;
    private final String secret;
    private final Clock clock;
    private final int connectMillis;
    private final int readMillis;
    private int current;
    private long lastSigned;

    public HomeClient(LaunchFile launch, Clock clock) {
        this(launch, clock, CONNECT_MILLIS, READ_MILLIS);
    }

    HomeClient(LaunchFile launch, Clock clock, int connectMillis, int readMillis) {
        this.gateways = launch.gateways();
        this.tag = launch.tag();
        this.token = launch.token();
        this.secret = launch.secret();
        this.clock = clock;
        this.connectMillis = connectMillis;
        this.readMillis = readMillis;
    }

    /**
     * Registers; safe to repeat with the same address. Returns how long to wait between heartbeats.
     *
     * @param applicationId the cluster's own name for this engine; may be empty
     * @param webUrl where its own web page is; may be empty
     * @param version what it runs, for people
     * @throws HomeRefusedException if this engine has to end
     * @throws IOException if no gateway could decide; try again later
     */
    public Duration register(String host, int port, String applicationId, String webUrl, String version)
            throws IOException, HomeRefusedException {
        HomeForm form = new HomeForm()
                .add("tag", tag)
                .add("token", token)
                .add("host", host)
                .add("port", port)
                .add("application-id", applicationId)
                .add("web-url", webUrl)
                .add("version", version)
                .add("wire-oldest", WireProtocol.OLDEST_VERSION)
                .add("wire-newest", WireProtocol.VERSION);
        Answer answer = post(REGISTER, form, false);
        if (answer.status == HttpURLConnection.HTTP_FORBIDDEN || answer.status == HttpURLConnection.HTTP_BAD_REQUEST) {
            throw new HomeRefusedException("The gateway refused this engine: " + answer.text);
        }
        try {
            long millis = Long.parseLong(HomeForm.parse(answer.require()).get("heartbeat-millis"));
            return Duration.ofMillis(Math.max(1, millis));
        } catch (IllegalArgumentException e) {
            throw new IOException("The gateway's answer to a registration makes no sense", e);
        }
    }

    /** @throws IOException if no gateway could be asked */
    public HomeCommand heartbeat(boolean draining, int sessions, int statements) throws IOException {
        HomeForm form = new HomeForm()
                .add("tag", tag)
                .add("state", draining ? "draining" : "ready")
                .add("sessions", sessions)
                .add("statements", statements);
        Answer answer = post(HEARTBEAT, form, true);
        if (answer.status == HttpURLConnection.HTTP_NOT_FOUND) {
            return HomeCommand.UNKNOWN;
        }
        try {
            switch (HomeForm.parse(answer.require()).get("command")) {
                case "drain":
                    return HomeCommand.DRAIN;
                case "exit":
                    return HomeCommand.EXIT;
                default:
                    return HomeCommand.NONE;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("The gateway's answer to a heartbeat makes no sense", e);
        }
    }

    /** Says that this engine ends of its own will. */
    public void leave(String reason) throws IOException {
        Answer answer = post(LEAVE, new HomeForm().add("tag", tag).add("reason", reason), true);
        if (answer.status != HttpURLConnection.HTTP_NOT_FOUND) {
            answer.require();
        }
    }

    /**
     * Fresh delegation tokens of the user that this engine runs as, as Hadoop writes them to a token file; empty from a cluster
     * that asks for none.
     *
     * @throws IOException if no gateway could give any; try again later
     */
    public byte[] tokens() throws IOException {
        Answer answer = post(TOKENS, new HomeForm().add("tag", tag), true);
        try {
            String sealed = HomeForm.parse(answer.require()).get("tokens");
            return sealed.isEmpty() ? new byte[0] : SealedTokens.open(secret, answer.signature, sealed);
        } catch (IllegalArgumentException e) {
            throw new IOException("The gateway's answer to a question for tokens makes no sense: " + e.getMessage(), e);
        }
    }

    static URI requireBase(URI gateway) {
        boolean http = "http".equals(gateway.getScheme()) || "https".equals(gateway.getScheme());
        if (!http || gateway.getHost() == null || gateway.getQuery() != null || gateway.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "gateway: " + gateway + " (expected: an address such as http://127.0.0.1:10008)");
        }
        return gateway;
    }

    private Answer post(String path, HomeForm form, boolean signed) throws IOException {
        String body = form.encode();
        List<String> failures = new ArrayList<>();
        for (int turn = 0; turn < gateways.size(); turn++) {
            URI gateway = gateways.get(current);
            try {
                Answer answer = post(gateway, path, body, signed);
                if (answer.status < HttpURLConnection.HTTP_INTERNAL_ERROR) {
                    return answer;
                }
                failures.add(gateway + ": status " + answer.status + " " + answer.text);
            } catch (IOException e) {
                failures.add(gateway + ": " + e);
            }
            current = (current + 1) % gateways.size();
        }
        throw new IOException("No gateway answered: " + String.join("; ", failures));
    }

    private Answer post(URI gateway, String path, String body, boolean signed) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String base = gateway.toString();
        URL url = new URL((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(connectMillis);
        boolean asksForTokens = path.equals(TOKENS);
        connection.setReadTimeout(asksForTokens ? TOKENS_READ_MILLIS : readMillis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", HomeForm.CONTENT_TYPE);
        String signature = "";
        if (signed) {
            lastSigned = nextTime();
            signature = Signature.sign(secret, path, lastSigned, body);
            connection.setRequestProperty(Signature.HEADER, signature);
        }
        connection.setDoOutput(true);
        // a body of known length is streamed, and so never silently sent again
        connection.setFixedLengthStreamingMode(bytes.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(bytes);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String text = in == null ? "" : readText(in, asksForTokens ? MAX_TOKENS_ANSWER : MAX_ANSWER);
            return new Answer(status, text, signature);
        }
    }

    /** A gateway takes no time twice, and none that is far ahead of its clock, as the last one is once ours was set back. */
    private long nextTime() {
        long now = clock.millis();
        boolean setBack = lastSigned + 1 - now > GIVEN_UP_AHEAD.toMillis();
        return setBack ? now : Math.max(now, lastSigned + 1);
    }

    private static String readText(InputStream in, int most) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        int read = in.read(buffer);
        while (read >= 0) {
            text.write(buffer, 0, read);
            if (text.size() > most) {
                throw new IOException("The gateway's answer is larger than " + most + " bytes");
            }
            read = in.read(buffer);
        }
        return new String(text.toByteArray(), StandardCharsets.UTF_8);
    }

    private static final class Answer {
        private final int status;
        private final String text;
        private final String signature;

        /** @param signature of the request; empty if it had none */
        Answer(int status, String text, String signature) {
            this.status = status;
            this.text = text;
            this.signature = signature;
        }

        String require() throws IOException {
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("The gateway answered with status " + status + ": " + text);
            }
            return text;
        }
    }
}
