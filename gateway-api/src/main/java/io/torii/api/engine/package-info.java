/** Engines: who shares one, what to launch, which have called home. */
package io.torii.api.engine;
