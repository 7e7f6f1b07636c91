/** States that change over time, and futures to wait for their changes. */
package io.torii.api.state;
