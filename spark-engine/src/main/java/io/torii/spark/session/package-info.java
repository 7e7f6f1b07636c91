/** Sessions and statements of one engine, and the answers to the gateway's calls about them. */
package io.torii.spark.session;
