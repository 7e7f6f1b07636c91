/** Results of statements: rows encoded where they are into pages of the wire format, kept in memory and on disk. */
package io.torii.spark.result;
