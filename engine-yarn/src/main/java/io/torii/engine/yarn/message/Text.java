package io.torii.engine.yarn.message;

/** Lines for people. */
public record Text(String text) {}
