package io.torii.server.sql;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CodePointCharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/** Text whose lexer sees capital letters alone, as that of Spark does, and whose tokens keep what was written. */
final class UpperCaseChars implements CharStream {
    private final CodePointCharStream written;

    UpperCaseChars(CodePointCharStream written) {
        this.written = written;
    }

    @Override
    public int LA(int offset) {
        int next = written.LA(offset);
        return next == 0 || next == IntStream.EOF ? next : Character.toUpperCase(next);
    }

    @Override
    public String getText(Interval interval) {
        return written.size() > 0 && (interval.b - interval.a >= 0) ? written.getText(interval) : "";
    }

    @Override
    public void consume() {
        written.consume();
    }

    @Override
    public int mark() {
        return written.mark();
    }

    @Override
    public void release(int marker) {
        written.release(marker);
    }

    @Override
    public int index() {
        return written.index();
    }

    @Override
    public void seek(int index) {
        written.seek(index);
    }

    @Override
    public int size() {
        return written.size();
    }

    @Override
    public String getSourceName() {
        return written.getSourceName();
    }
}
