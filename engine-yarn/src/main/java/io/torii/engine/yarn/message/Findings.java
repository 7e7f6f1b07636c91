package io.torii.engine.yarn.message;

import io.torii.api.check.Finding;
import java.util.List;

/** What was found, in the order in which it is to be read. */
public record Findings(List<Finding> findings) {
    public Findings {
        findings = List.copyOf(findings);
    }
}
