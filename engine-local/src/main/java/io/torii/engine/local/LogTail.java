package io.torii.engine.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Reads the end of a file that may be long and may be growing. */
final class LogTail {
    private static final int BYTES_PER_LINE = 1024;
    private static final int MAX_BYTES = 4 << 20;

    private LogTail() {}

    /** The last lines, oldest first; none if there is no such file. */
    static List<String> lines(Path file, int max) throws IOException {
        int bytes = (int) Math.min(MAX_BYTES, (long) BYTES_PER_LINE * Math.max(max, 1));
        List<String> lines = text(file, bytes).lines().toList();
        return lines.subList(Math.max(0, lines.size() - Math.max(max, 0)), lines.size());
    }

    /** The last bytes, from the beginning of a line on. */
    static String text(Path file, int maxBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long start = Math.max(0, channel.size() - maxBytes);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(maxBytes, channel.size()));
            channel.position(start);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                continue;
            }
            String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
            return start == 0 ? text : text.substring(text.indexOf('\n') + 1);
        } catch (NoSuchFileException absent) {
            return "";
        }
    }
}
