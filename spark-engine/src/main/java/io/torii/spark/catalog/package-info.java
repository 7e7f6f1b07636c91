/** Metadata operations of HiveServer2's protocol over all catalogs of a session. */
package io.torii.spark.catalog;
