package remoting.interop.model;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TimeZone;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;

/**
 * Prints what the artifact on the class path writes for two instances of each body class, a line each: the class, whether it
 * is {@code filled} or {@code fresh}, and the JSON. Writes to the file that is its argument, or to the standard output.
 */
public final class BodyValuePrinter {
    private BodyValuePrinter() {
    }

    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        try (PrintStream out = args.length > 0
                ? new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.UTF_8)
                : new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, Class<?>> entry : BodyClasses.all().entrySet()) {
                Class<?> type = entry.getValue();
                if (!type.isEnum()) {
                    print(out, entry.getKey() + " filled", BodyFiller.filled(type));
                    print(out, entry.getKey() + " fresh", BodyFiller.fresh(type));
                }
            }
        }
    }

    private static void print(PrintStream out, String name, Object body) {
        out.print(name + " " + new String(RemotingSerializable.encode(body), StandardCharsets.UTF_8) + "\n");
    }
}
