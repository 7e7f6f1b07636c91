/** The repositories and the registry as tables of a PostgreSQL or an embedded H2 database. */
package io.torii.server.store.sql;
