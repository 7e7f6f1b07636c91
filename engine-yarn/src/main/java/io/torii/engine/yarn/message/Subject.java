package io.torii.engine.yarn.message;

/** What an agent looks at when it is asked to check a cluster, in this order. */
public enum Subject {
    LOGIN("login"),
    MANAGER("resource manager"),
    CLOCK("clock"),
    MEMORY("container memory"),
    MANAGER_PROXY("proxy user in YARN"),
    QUEUE("queue"),
    SUBMISSION("queue access"),
    FILES("file system"),
    STAGING("staging directory"),
    FILES_PROXY("proxy user in the file system"),
    METASTORE("metastore");

    private final String words;

    Subject(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }
}
