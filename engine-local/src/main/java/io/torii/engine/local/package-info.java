/**
 * Engines as child processes of the gateway's host, and the Hive metastore that they share. They run users' code beside
 * the gateway, under its account: for development and trials, never for many users.
 */
package io.torii.engine.local;
