/** What outlives a gateway: one repository per aggregate, over SQL. */
package io.torii.server.store;
