/** Torii as its users meet it: real clients against a real gateway and real engines. */
package io.torii.it;
