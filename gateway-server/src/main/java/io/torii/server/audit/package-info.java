/** One line for every statement that was accepted: who asked what, where it ran, and how it ended. */
package io.torii.server.audit;
