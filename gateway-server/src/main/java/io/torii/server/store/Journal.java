package io.torii.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What keeps a journal short. Of lines that set the same key, or use the same database, only the last is needed, as long
 * as nothing between them could have seen the difference: whatever is neither a SET nor a USE, and whatever names a
 * variable, could have. A journal that grows all the same is full one day. Pure.
 */
public final class Journal {
    /** Why a session with a full journal cannot move. */
    public static final String FULL = "more statements that changed it than are kept";

    static final int MAX_LINES = 1_000;
    static final int MAX_CHARACTERS = 1 << 20;

    private static final Pattern SET =
            Pattern.compile("\\s*SET\\s+([\\w.:-]+)\\s*=.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern USE = Pattern.compile("\\s*USE\\s+([\\w.`-]+)[\\s;]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern AS_GOOD_AS_ONCE = Pattern.compile("\\s*(RESET|ADD)\\b.*", Pattern.CASE_INSENSITIVE);

    private Journal() {}

    /** Which of the lines are not needed once this one is added, by their indexes. */
    public static List<Integer> superfluous(List<String> lines, String added) {
        List<Integer> superfluous = new ArrayList<>();
        int last = lines.size() - 1;
        if (last >= 0
                && lines.get(last).equals(added)
                && AS_GOOD_AS_ONCE.matcher(added).matches()) {
            superfluous.add(last);
        }
        String effect = effect(added);
        for (int index = last; index >= 0 && !effect.isEmpty(); index--) {
            String earlier = effect(lines.get(index));
            if (earlier.isEmpty()) {
                break;
            }
            if (earlier.equals(effect)) {
                superfluous.add(index);
            }
        }
        return superfluous;
    }

    /** Whether there is no room for another line after these. */
    public static boolean isFull(List<String> lines) {
        return lines.size() >= MAX_LINES
                || lines.stream().mapToLong(String::length).sum() >= MAX_CHARACTERS;
    }

    /**
     * Two lines with one effect leave the same state, whatever was before them; empty for a line of which that cannot be
     * told. Only a USE of the same name undoes a USE: another one may mean a database of the catalog that was used before.
     */
    private static String effect(String line) {
        if (line.contains("${")) {
            return "";
        }
        Matcher set = SET.matcher(line);
        if (set.matches()) {
            return "set " + set.group(1);
        }
        Matcher use = USE.matcher(line);
        return use.matches() ? "use " + use.group(1) : "";
    }
}
