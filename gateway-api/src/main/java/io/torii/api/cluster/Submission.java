package io.torii.api.cluster;

/** What became of a submission that was not refused. */
public enum Submission {
    /** The cluster has it. */
    ACCEPTED,
    /** The answer was lost: look the tag up; never submit again. */
    UNKNOWN
}
