package io.torii.engine.yarn.message;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * @param result as the call says; null if it failed
 * @param failure null if it did not fail
 */
public record AgentAnswer(long id, JsonNode result, AgentFailure failure) {}
