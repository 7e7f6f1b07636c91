/** What a statement's text says, by Spark's own grammar. */
package io.torii.server.sql;
