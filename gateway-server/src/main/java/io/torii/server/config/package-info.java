/** The configuration of a gateway: one tree of records that check themselves, and the loader that fills it. */
package io.torii.server.config;
