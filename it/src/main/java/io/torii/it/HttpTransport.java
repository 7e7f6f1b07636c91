package io.torii.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.transport.TEndpointTransport;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.apache.thrift.transport.TTransportException;

/** Thrift messages as the bodies of HTTP requests, each sent once. Not thread-safe. */
final class HttpTransport extends TEndpointTransport {
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest.Builder request;
    private TMemoryBuffer sending = new TMemoryBuffer(1024);
    private final TMemoryInputTransport received = new TMemoryInputTransport();

    HttpTransport(int port, String user, String password) throws TTransportException {
        super(new TConfiguration());
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/cliservice"))
                .header("Content-Type", "application/x-thrift")
                .header("Authorization", "Basic " + credentials)
                .timeout(TIMEOUT);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void open() {
        // every request finds a connection
    }

    @Override
    public void close() {
        // connections end when they are idle
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        sending.write(bytes, offset, length);
    }

    @Override
    public void flush() throws TTransportException {
        byte[] message = new byte[sending.length()];
        System.arraycopy(sending.getArray(), 0, message, 0, message.length);
        sending = new TMemoryBuffer(1024);
        try {
            HttpResponse<byte[]> response = http.send(
                    request.POST(HttpRequest.BodyPublishers.ofByteArray(message))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new TTransportException("HTTP status " + response.statusCode());
            }
            received.reset(response.body());
        } catch (IOException lost) {
            throw new TTransportException(lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TTransportException(interrupted);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws TTransportException {
        return received.read(bytes, offset, length);
    }
}
