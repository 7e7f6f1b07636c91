/** Many clients at once, and what they cost a gateway. */
package io.torii.it.load;
