package io.torii.spark.result;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** Collects rows by column and cuts them into pages. Not thread-safe. */
final class PageEncoder {
    private final ColumnEncoder[] columns;
    private final ColumnEncoder[] variable;
    private final int fixedBytes;
    private final int pageRows;
    private final int pageBytes;
    private int rows;

    PageEncoder(RowFormat format) {
        this.columns = format.encoders();
        this.pageRows = format.pageRows();
        this.pageBytes = format.pageBytes();
        List<ColumnEncoder> ofVariableWidth = new ArrayList<>();
        int width = 0;
        for (ColumnEncoder column : columns) {
            width += column.type.width;
            if (column.type.width == 0) {
                ofVariableWidth.add(column);
            }
        }
        this.fixedBytes = width;
        this.variable = ofVariableWidth.toArray(new ColumnEncoder[0]);
    }

    /** Adds a row and tells whether the page is full. */
    boolean add(InternalRow row) {
        for (ColumnEncoder column : columns) {
            column.add(row);
        }
        rows++;
        if (rows >= pageRows) {
            return true;
        }
        long bytes = (long) fixedBytes * rows;
        for (ColumnEncoder column : variable) {
            bytes += column.length;
        }
        return bytes >= pageBytes;
    }

    int rows() {
        return rows;
    }

    /** The rows since the last cut as a page. */
    EncodedPage cut() {
        EncodedPage page = new EncodedPage(rows, PageFrame.encode(columns));
        for (ColumnEncoder column : columns) {
            column.clear();
        }
        rows = 0;
        return page;
    }
}
