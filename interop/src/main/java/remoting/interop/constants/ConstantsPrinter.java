package remoting.interop.constants;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import remoting.interop.RocketMq;

/**
 * Prints the numbers that have names in the artifact on the class path, a line each: what it is, number, name; by number,
 * then name. Writes to the file that is its argument, or to the standard output.
 */
public final class ConstantsPrinter {
    private ConstantsPrinter() {
    }

    public static void main(String[] args) throws Exception {
        try (PrintStream out = args.length > 0
                ? new PrintStream(new FileOutputStream(args[0]), false, StandardCharsets.US_ASCII)
                : System.out) {
            printConstants(out, "request", "RequestCode");
            printConstants(out, "response", "ResponseCode");
            for (LanguageCode language : LanguageCode.values()) {
                out.println("language " + (language.getCode() & 0xFF) + " " + language.name());
            }
            for (MQVersion.Version version : MQVersion.Version.values()) {
                out.println("version " + version.ordinal() + " " + version.name());
            }
            out.println("current " + MQVersion.CURRENT_VERSION);
        }
    }

    /** Those of the class and of the classes above it, be they of type {@code int} or {@code short}. */
    private static void printConstants(PrintStream out, String kind, String className) throws ReflectiveOperationException {
        Class<?> type = RocketMq.protocolClass(className).orElseThrow();
        TreeMap<Long, TreeSet<String>> names = new TreeMap<>();
        for (Field field : type.getFields()) {
            boolean isNumber = field.getType() == int.class || field.getType() == short.class;
            if (isNumber && Modifier.isStatic(field.getModifiers())) {
                names.computeIfAbsent(field.getLong(null), number -> new TreeSet<>()).add(field.getName());
            }
        }
        names.forEach((number, ofNumber) -> ofNumber.forEach(name -> out.println(kind + " " + number + " " + name)));
    }
}
