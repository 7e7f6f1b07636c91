package io.torii.mini.daemon;

import java.util.Arrays;
import org.apache.hadoop.security.UserGroupInformation;

/** One of Hadoop's programs, run as a service: {@code <principal> <keytab> <main class> <argument>...} */
public final class KeytabMain {
    private static final int FIRST_ARGUMENT = 3;

    private KeytabMain() {}

    public static void main(String[] arguments) throws Exception {
        UserGroupInformation.loginUserFromKeytab(arguments[0], arguments[1]);
        Class.forName(arguments[2]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(arguments, FIRST_ARGUMENT, arguments.length));
    }
}
