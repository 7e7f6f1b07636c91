/** The one class that has to be in Hive's package to mend Hive's Beeline. */
package org.apache.hive.beeline;
