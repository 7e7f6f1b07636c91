package org.apache.hadoop.io;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Stands in for Hadoop's class of this name, whose other methods no daemon here calls. With Kerberos that one asks Hadoop's
 * native library whose file it has opened; without the library a node ends as soon as it reads a container's log. This one
 * takes the file as it is.
 */
public final class SecureIOUtils {
    private SecureIOUtils() {}

    public static FileInputStream openForRead(File file, String expectedOwner, String expectedGroup)
            throws IOException {
        return new FileInputStream(file);
    }
}
