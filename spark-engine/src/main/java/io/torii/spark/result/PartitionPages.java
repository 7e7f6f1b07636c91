package io.torii.spark.result;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskFailureListener;

/**
 * The pages of one partition, from task to driver: few bytes travel in the task's result, more in blocks, so that neither
 * side ever holds a large partition. A task's result is arrays of bytes, which every serializer knows. Not thread-safe.
 */
final class PartitionPages {
    /** What may travel in the result of one task, and of all tasks of a job; the driver has no say in when it arrives. */
    private static final long INLINE_BYTES = 256 << 10;

    private static final long INLINE_BYTES_OF_A_JOB = 32 << 20;

    private static final long INLINE = -1;

    private final long id;
    private final long mostInline;
    private final TaskContext task;
    private final List<Integer> rows = new ArrayList<>();
    private final List<byte[]> inline = new ArrayList<>();
    private long inlineBytes;
    private int blocks;

    /** @param mostInline bytes that may travel in the task's result */
    PartitionPages(long id, long mostInline, TaskContext task) {
        this.id = id;
        this.mostInline = mostInline;
        this.task = task;
    }

    /** How much of one partition may travel in its task's result, in a job over so many. */
    static long inlineBytes(int partitions) {
        return Math.min(INLINE_BYTES, INLINE_BYTES_OF_A_JOB / Math.max(1, partitions));
    }

    /** In a task: adds the next page. */
    void add(EncodedPage page) {
        task.killTaskIfInterrupted();
        rows.add(page.rows);
        inline.add(page.bytes);
        inlineBytes += page.bytes.length;
        if (blocks > 0 || inlineBytes > mostInline) {
            flush();
        }
    }

    private void flush() {
        if (blocks == 0) {
            task.addTaskFailureListener((TaskFailureListener) (context, failure) -> dropBlocks());
        }
        for (byte[] page : inline) {
            PageBlocks.put(id, task.taskAttemptId(), blocks++, page);
        }
        inline.clear();
    }

    private void dropBlocks() {
        for (int page = 0; page < blocks; page++) {
            PageBlocks.drop(id, task.taskAttemptId(), page);
        }
    }

    /** In a task: what it returns. */
    byte[][] result() {
        ByteBuffer head = ByteBuffer.allocate(8 + 4 * rows.size());
        head.putLong(blocks > 0 ? task.taskAttemptId() : INLINE);
        rows.forEach(head::putInt);
        byte[][] result = new byte[1 + inline.size()][];
        result[0] = head.array();
        for (int page = 0; page < inline.size(); page++) {
            result[page + 1] = inline.get(page);
        }
        return result;
    }

    /** In the driver: gives the pages of a task's result in order. */
    static void read(long id, byte[][] result, Consumer<EncodedPage> pages) {
        ByteBuffer head = ByteBuffer.wrap(result[0]);
        long attempt = head.getLong();
        for (int page = 0; head.hasRemaining(); page++) {
            int rows = head.getInt();
            byte[] bytes = attempt == INLINE ? result[page + 1] : PageBlocks.take(id, attempt, page);
            pages.accept(new EncodedPage(rows, bytes));
        }
    }

    /** In the driver: whether the pages of a task's result lie in blocks. */
    static boolean inBlocks(byte[][] result) {
        return ByteBuffer.wrap(result[0]).getLong() != INLINE;
    }
}
