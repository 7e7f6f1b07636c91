/** Programs of our own that run as daemons, on Hadoop's class path; nothing else may use them. */
package io.torii.mini.daemon;
