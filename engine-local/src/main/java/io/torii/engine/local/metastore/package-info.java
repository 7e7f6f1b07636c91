/** The program of the managed metastore: a process of its own, on the class path of a Spark home. */
package io.torii.engine.local.metastore;
