/** Sessions and statements: all that a frontend may ask for, in Torii's own words. */
package io.torii.server.session;
