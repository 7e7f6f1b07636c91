package io.torii.spark.result;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The task: encodes the rows of one partition. */
final class EncodePartition extends AbstractFunction1<Iterator<InternalRow>, byte[][]> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowFormat format;
    private final long id;
    private final long maxRows;
    private final long inlineBytes;

    /**
     * @param id the result's, for its blocks
     * @param maxRows of one partition
     * @param inlineBytes of one partition that may travel in its task's result
     */
    EncodePartition(RowFormat format, long id, long maxRows, long inlineBytes) {
        this.format = format;
        this.id = id;
        this.maxRows = maxRows;
        this.inlineBytes = inlineBytes;
    }

    @Override
    public byte[][] apply(Iterator<InternalRow> rows) {
        PartitionPages pages = new PartitionPages(id, inlineBytes, TaskContext.get());
        PageEncoder encoder = new PageEncoder(format);
        for (long left = maxRows; left > 0 && rows.hasNext(); left--) {
            if (encoder.add(rows.next())) {
                pages.add(encoder.cut());
            }
        }
        if (encoder.rows() > 0) {
            pages.add(encoder.cut());
        }
        return pages.result();
    }
}
