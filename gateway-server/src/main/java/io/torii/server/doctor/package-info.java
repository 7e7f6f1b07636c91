/** What {@code bin/torii doctor} looks at, besides what clusters look at themselves. */
package io.torii.server.doctor;
