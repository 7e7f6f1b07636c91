/** How a Spark engine is started, whatever runs it: its home, its virtual machine, its files, and why it ended. */
package io.torii.launch;
