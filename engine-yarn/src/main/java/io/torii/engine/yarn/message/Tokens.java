package io.torii.engine.yarn.message;

/**
 * A user's delegation tokens, as Hadoop writes them to a token file: whoever has them acts as that user.
 *
 * @param file nobody here looks into it
 */
public record Tokens(byte[] file) {
    /** Without what is secret. */
    @Override
    public String toString() {
        return "Tokens[" + file.length + " bytes]";
    }
}
