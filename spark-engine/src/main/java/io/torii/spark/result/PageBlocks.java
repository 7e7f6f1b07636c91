package io.torii.spark.result;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Pages on their way from tasks to the driver, in Spark's block managers: these spill by themselves, and the driver takes a
 * page when it is ready for it. They carry broadcast ids, which block managers can drop for a whole result. Thread-safe.
 */
final class PageBlocks {
    private static final Logger log = LoggerFactory.getLogger(PageBlocks.class);

    /** Far from Spark's own broadcasts, which are counted from 0. */
    private static final AtomicLong IDS = new AtomicLong(1L << 48);

    private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

    private PageBlocks() {}

    /** An id for the pages of one result. */
    static long newId() {
        return IDS.getAndIncrement();
    }

    /** In a task: hands a page to its block manager. */
    static void put(long id, long attempt, int page, byte[] bytes) {
        boolean stored = blocks().putBytes(
                        name(id, attempt, page),
                        new ChunkedByteBuffer(ByteBuffer.wrap(bytes)),
                        StorageLevel.MEMORY_AND_DISK_SER(),
                        !isDriver(),
                        ANY);
        if (!stored) {
            throw new ResultException("58030", "The executor could not store a page of the result");
        }
    }

    /** In a task: drops a page that nobody will ask for. */
    static void drop(long id, long attempt, int page) {
        blocks().removeBlock(name(id, attempt, page), !isDriver());
    }

    /** In the driver: takes a page away from the block manager that holds it. */
    static byte[] take(long id, long attempt, int page) {
        BlockManager blocks = blocks();
        BlockId name = name(id, attempt, page);
        Option<BlockData> local = blocks.getLocalBytes(name);
        if (local.isDefined()) {
            byte[] bytes;
            try {
                bytes = bytes(local.get().toByteBuffer());
            } finally {
                blocks.releaseLockAndDispose(name, local.get(), Option.empty());
            }
            blocks.removeBlock(name, false);
            return bytes;
        }
        Option<ChunkedByteBuffer> remote = blocks.getRemoteBytes(name);
        if (remote.isEmpty()) {
            throw new ResultException(
                    "58030",
                    "Rows of the result were lost with the executor that computed them; run the statement again");
        }
        byte[] bytes = remote.get().toArray();
        blocks.master().removeBlock(name);
        return bytes;
    }

    /** In the driver: drops all pages of a result, wherever they are; does not wait for it. */
    static void dropAll(SparkContext spark, long id) {
        if (spark.isStopped()) {
            return;
        }
        try {
            spark.env().blockManager().master().removeBroadcast(id, true, false);
        } catch (RuntimeException e) {
            log.debug("pages of a result were not dropped: the context is about to stop", e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        boolean whole = buffer.hasArray()
                && !buffer.isReadOnly()
                && buffer.arrayOffset() == 0
                && buffer.position() == 0
                && buffer.remaining() == buffer.array().length;
        if (whole) {
            return buffer.array();
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    private static BlockId name(long id, long attempt, int page) {
        return new BroadcastBlockId(id, "page_" + attempt + "_" + page);
    }

    private static BlockManager blocks() {
        return SparkEnv.get().blockManager();
    }

    private static boolean isDriver() {
        return SparkContext$.MODULE$.DRIVER_IDENTIFIER().equals(SparkEnv.get().executorId());
    }
}
