package io.torii.engine.yarn.agent.launch;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import java.nio.file.Path;

/** Where jars are kept under the digest of their contents, for engines to read. Asked by many threads; one at a time puts. */
interface JarStore {
    /** Whether it is there, as it was put. Fails if somebody else could have changed it. */
    boolean has(String address) throws AgentException;

    /** Puts the file there, unless it is there; returns its address. */
    String put(Path file, String digest, String name) throws AgentException;

    /** How far the file has come that is put there now, in parentheses; empty if none is. */
    String progress();
}
