/** A real Hadoop on one machine: HDFS and YARN, their daemons as processes. */
package io.torii.mini;
