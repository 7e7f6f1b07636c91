# Sourced by the scripts beside it: sets JAVA to a Java of version 17 or newer, or ends with one sentence.

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    JAVA=$JAVA_HOME/bin/java
elif [ -n "${JAVA_HOME:-}" ]; then
    echo "${0##*/}: JAVA_HOME is $JAVA_HOME, but there is no bin/java in it; point it at a JDK 17 or newer" >&2
    exit 1
elif ! JAVA=$(command -v java); then
    echo "${0##*/}: There is no Java; install a JDK 17 or newer, or point JAVA_HOME at one" >&2
    exit 1
fi
java_version=$("$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
case $java_version in
    '' | 1.* | [0-9] | 1[0-6])
        echo "${0##*/}: Java ${java_version:-of unknown version} at $JAVA is too old; point JAVA_HOME at a JDK 17 or newer" >&2
        exit 1
        ;;
esac
