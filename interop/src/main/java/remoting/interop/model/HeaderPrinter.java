package remoting.interop.model;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.apache.rocketmq.remoting.CommandCustomHeader;

/**
 * Prints the typed headers of the artifact on the class path, a line each: name, package below {@code org.apache.rocketmq},
 * request code or {@code -}, {@code fast} or {@code -}, and the fields. A field is
 * {@code key:type[!][=value][@class]}: {@code !} marks {@code @CFNotNull}, {@code =value} what the constructor leaves if it
 * is not null, zero or false, {@code @class} the superclass that declares it. Writes to the file that is its argument, or
 * to the standard output.
 */
public final class HeaderPrinter {
    private HeaderPrinter() {
    }

    public static void main(String[] args) throws Exception {
        try (PrintStream out = args.length > 0
                ? new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.US_ASCII)
                : System.out) {
            for (Class<? extends CommandCustomHeader> type : HeaderClasses.all()) {
                out.print(line(type) + "\n");
            }
        }
    }

    private static String line(Class<? extends CommandCustomHeader> type) throws Exception {
        var code = HeaderClasses.requestCode(type);
        StringJoiner line = new StringJoiner(" ");
        line.add(type.getSimpleName());
        line.add(type.getPackageName().substring("org.apache.rocketmq.".length()));
        line.add(code.isPresent() ? Integer.toString(code.getAsInt()) : "-");
        line.add(HeaderClasses.isFast(type) ? "fast" : "-");
        CommandCustomHeader fresh = HeaderClasses.create(type);
        for (Field field : HeaderClasses.fields(type)) {
            Object value = field.get(fresh);
            line.add(field.getName() + ":" + typeName(field.getType())
                + (HeaderClasses.isNotNull(field) ? "!" : "")
                + initial(field, value)
                + (field.getDeclaringClass() == type ? "" : "@" + field.getDeclaringClass().getSimpleName()));
        }
        return line.toString();
    }

    /** What the constructor leaves: a time is {@code now}, since it differs from run to run, an empty string {@code ''}. */
    private static String initial(Field field, Object value) {
        boolean isZero = value instanceof Number number && number.longValue() == 0 || Boolean.FALSE.equals(value);
        if (value == null || field.getType().isPrimitive() && isZero) {
            return "";
        }
        boolean isNow = value instanceof Long millis && Math.abs(millis - System.currentTimeMillis()) < 3_600_000;
        return "=" + (isNow ? "now" : value.equals("") ? "''" : value);
    }

    /** The simple name; behind that of an enum, the names of its constants. */
    private static String typeName(Class<?> type) {
        if (!type.isEnum()) {
            return type.getSimpleName();
        }
        return Arrays.stream(type.getEnumConstants()).map(constant -> ((Enum<?>) constant).name())
            .collect(Collectors.joining("|", type.getSimpleName() + "(", ")"));
    }
}
