/** What takes the place of Hadoop's own classes in our daemons. */
package org.apache.hadoop.io;
