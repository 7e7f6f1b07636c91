package io.torii.api.cluster;

import static java.util.Objects.requireNonNull;

/**
 * A queue of a cluster at one moment.
 *
 * @param name its full path, such as {@code root.etl}
 * @param open whether it takes applications
 * @param share of the cluster that it is promised, 0 to 1
 * @param used by its applications
 * @param limit the most that they may use
 * @param headRoom what one more application could get now
 * @param driverHeadRoom what drivers could get now: queues limit them apart
 * @param running applications that have a driver
 * @param pending applications that wait for one
 */
public record QueueSnapshot(
        String name,
        boolean open,
        double share,
        Resources used,
        Resources limit,
        Resources headRoom,
        Resources driverHeadRoom,
        int running,
        int pending) {
    public QueueSnapshot {
        requireNonNull(name, "name");
        requireNonNull(used, "used");
        requireNonNull(limit, "limit");
        requireNonNull(headRoom, "headRoom");
        requireNonNull(driverHeadRoom, "driverHeadRoom");
    }
}
