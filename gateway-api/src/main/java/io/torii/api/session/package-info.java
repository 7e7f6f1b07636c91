/** Sessions and statements: their ids and states. */
package io.torii.api.session;
