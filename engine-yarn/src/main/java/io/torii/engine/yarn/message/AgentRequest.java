package io.torii.engine.yarn.message;

/**
 * @param id chosen by the gateway, repeated in the answer
 * @param limitMillis how long the gateway waits for the answer: what has not been begun by then need not be
 */
public record AgentRequest(long id, long limitMillis, AgentCall call) {}
