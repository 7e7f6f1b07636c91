/** That the benchmark counts right. */
package io.torii.it.bench;
