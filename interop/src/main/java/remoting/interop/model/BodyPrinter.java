package remoting.interop.model;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints the body classes of the artifact on the class path with their JSON properties, and the enums they use, a line each.
 * Writes to the file that is its argument, or to the standard output.
 */
public final class BodyPrinter {
    private BodyPrinter() {
    }

    public static void main(String[] args) throws Exception {
        try (PrintStream out = args.length > 0
                ? new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.US_ASCII)
                : System.out) {
            for (Map.Entry<String, Class<?>> entry : BodyClasses.all().entrySet()) {
                Class<?> type = entry.getValue();
                Stream<String> members = type.isEnum()
                    ? Stream.of(type.getEnumConstants()).map(constant -> ((Enum<?>) constant).name())
                    : BodyProperty.of(type).stream().map(BodyProperty::toString).sorted();
                out.print((type.isEnum() ? "enum " : "body ") + entry.getKey() + members.map(member -> " " + member).collect(Collectors.joining()) + "\n");
            }
        }
    }
}
