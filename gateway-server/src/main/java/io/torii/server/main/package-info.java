/** The gateway as a program: its command line, and the one place that makes its objects. */
package io.torii.server.main;
