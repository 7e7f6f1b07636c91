/** The program inside a Spark driver: its start, its life and its end. All that knows Spark is below this package. */
package io.torii.spark;
