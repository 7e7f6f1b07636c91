/** Time that goes on evenly. */
package io.torii.server.time;
