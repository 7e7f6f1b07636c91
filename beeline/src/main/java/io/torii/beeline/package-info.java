/** How Torii starts Hive's Beeline: the words of the command line, comments in scripts, Ctrl-C, the progress bar. */
package io.torii.beeline;
