package io.torii.server.auth;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The users of a file with a line {@code name:hash[:group,group]} each; lines that begin with {@code #} are comments.
 * Immutable.
 */
record UsersFile(Map<String, User> users) {
    record User(PasswordHash hash, Set<String> groups) {}

    UsersFile {
        users = Map.copyOf(users);
    }

    /** Fails with an IllegalArgumentException that names every problem with its line. */
    static UsersFile read(Path path) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Users file " + path + " is not UTF-8", e);
        }
        Map<String, User> users = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                add(line, users);
            } catch (IllegalArgumentException e) {
                problems.add("line " + number + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("Users file " + path + ": " + String.join("; ", problems));
        }
        return new UsersFile(users);
    }

    private static void add(String line, Map<String, User> users) {
        String[] parts = line.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("expected name:hash or name:hash:group,group");
        }
        String name = parts[0].strip();
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name is empty or has control characters");
        }
        Set<String> groups = parts.length < 3
                ? Set.of()
                : Arrays.stream(parts[2].split(","))
                        .map(String::strip)
                        .filter(group -> !group.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
        if (groups.stream().anyMatch(group -> group.chars().anyMatch(Character::isISOControl))) {
            throw new IllegalArgumentException("a group has control characters");
        }
        if (users.putIfAbsent(name, new User(new PasswordHash(parts[1].strip()), groups)) != null) {
            throw new IllegalArgumentException("user " + name + " is there already");
        }
    }
}
