package io.torii.server.session;

import java.util.concurrent.CancellationException;

/** Nobody waited for the engine any more; somebody may do so by now. */
final class Unwanted extends CancellationException {}
