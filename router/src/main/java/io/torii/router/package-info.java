/** Where work runs: pure functions over snapshots of clusters. */
package io.torii.router;
