/** Where engines call home: a small HTTP endpoint for registration, heartbeats and farewells. */
package io.torii.server.frontend.home;
