/** The seam to cluster managers. */
package io.torii.api.cluster;
