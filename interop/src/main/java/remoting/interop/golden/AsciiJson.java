package remoting.interop.golden;

import java.util.Collection;
import java.util.Map;
import java.util.StringJoiner;

/** Strict JSON in pure ASCII, in insertion order. Not fastjson: the file must not depend on the version under test. */
final class AsciiJson {
    private AsciiJson() {
    }

    static String write(Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof Map<?, ?> map) {
            var object = new StringJoiner(", ", "{", "}");
            map.forEach((key, item) -> object.add(quote((String) key) + ": " + write(item)));
            return object.toString();
        }
        if (value instanceof Collection<?> items) {
            var array = new StringJoiner(", ", "[", "]");
            items.forEach(item -> array.add(write(item)));
            return array.toString();
        }
        return quote((String) value);
    }

    private static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
