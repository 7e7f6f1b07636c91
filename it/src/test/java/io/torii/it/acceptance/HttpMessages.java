package io.torii.it.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.apache.hive.service.rpc.thrift.TCLIService;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;

/** Messages of Thrift as bodies of requests, each on a connection of its own. Not thread-safe. */
final class HttpMessages {
    /** Writes a call. */
    @FunctionalInterface
    interface Call {
        void send(TCLIService.Client service) throws TException;
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final TMemoryBuffer sent = new TMemoryBuffer(1024);
    private final TMemoryInputTransport received;
    private final TCLIService.Client service;

    HttpMessages() throws TException {
        received = new TMemoryInputTransport(new TConfiguration());
        service = new TCLIService.Client(new TBinaryProtocol(received), new TBinaryProtocol(sent));
    }

    /** The bytes of a call. */
    byte[] message(Call call) throws TException {
        int before = sent.length();
        call.send(service);
        return Arrays.copyOfRange(sent.getArray(), before, sent.length());
    }

    /** The client, about to read an answer to its last call. */
    TCLIService.Client reading(byte[] answer) {
        received.reset(answer);
        return service;
    }

    HttpResponse<byte[]> post(byte[] message, String... headers) throws IOException, InterruptedException {
        return send("POST", "/cliservice", message, headers);
    }

    HttpResponse<byte[]> send(String method, String path, byte[] message, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + Spine.world().httpPort() + path))
                .method(
                        method,
                        message.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(message));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Posts it, waits, and breaks the connection before the answer has come. */
    void postAndBreak(byte[] message, Duration wait, String... headers) throws IOException, InterruptedException {
        StringBuilder head = new StringBuilder("POST /cliservice HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        head.append("Content-Length: ").append(message.length).append("\r\n\r\n");
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), Spine.world().httpPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
            out.write(message);
            out.flush();
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
            assertThat(socket.getInputStream().available()).isZero();
            socket.setSoLinger(true, 0);
        }
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
