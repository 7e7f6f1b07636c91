/** What users may set: names, aliases, what is denied, and what reaches an engine. */
package io.torii.server.settings;
