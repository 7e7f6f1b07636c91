/** The one failure that crosses a seam, and the codes that say whose fault it is. */
package io.torii.api.error;
