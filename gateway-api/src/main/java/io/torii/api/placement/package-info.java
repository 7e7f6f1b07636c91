/** The seam that decides where work runs. */
package io.torii.api.placement;
