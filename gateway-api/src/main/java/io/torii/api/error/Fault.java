package io.torii.api.error;

/** Who has to act on a failure. */
public enum Fault {
    /** The person or program that asked: a wrong statement, handle, password or setting. */
    USER,
    /** The engine or the cluster manager behind the gateway. */
    CLUSTER,
    /** The gateway or its store. */
    GATEWAY,
    /** A limit that an administrator has set. */
    LIMIT
}
