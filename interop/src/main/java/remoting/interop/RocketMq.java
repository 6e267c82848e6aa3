package remoting.interop;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.InvokeCallback;

/** What differs between the RocketMQ versions that this source tree compiles against, found by reflection. */
public final class RocketMq {
    /** Packages of headers and bodies: {@code remoting.protocol} since 5.0, {@code common} before. */
    private static final String[] PROTOCOL_PACKAGES = {
        "org.apache.rocketmq.remoting.protocol.", "org.apache.rocketmq.common.protocol.", "org.apache.rocketmq.common.",
    };

    private RocketMq() {
    }

    /** Must run before the first command is made: {@code RemotingCommand} reads this property once. */
    public static void announceVersion() {
        System.setProperty("rocketmq.remoting.version", Integer.toString(MQVersion.CURRENT_VERSION));
    }

    /** Version of the artifact on the class path, such as {@code 5.5.0}. */
    public static String version() {
        return MQVersion.getVersionDesc(MQVersion.CURRENT_VERSION).substring(1).replace('_', '.');
    }

    /** Since 5.0 callbacks are told of success and failure apart; before, {@code operationComplete} is all there is. */
    public static boolean callbacksTellSuccessFromFailure() {
        for (var method : InvokeCallback.class.getMethods()) {
            if (method.getName().equals("operationSucceed")) {
                return true;
            }
        }
        return false;
    }

    /** Clients before 5.0 notice that their peer closed a channel when they next use it, and report no event. */
    public static boolean clientsReportThatThePeerClosed() {
        return MQVersion.CURRENT_VERSION >= MQVersion.Version.V5_0_0.ordinal();
    }

    /** 4.9 neither sends nor understands {@code GO_AWAY}. */
    public static boolean knowsGoAway() {
        return hasMethod("org.apache.rocketmq.remoting.netty.NettyServerConfig", "setEnableShutdownGracefully");
    }

    /** The exception by which a hook ends a request with a code of its own; 4.9 has none. */
    public static Optional<RuntimeException> abort(int code, String remark) {
        try {
            Class<?> type = Class.forName("org.apache.rocketmq.common.AbortProcessException");
            return Optional.of((RuntimeException) type.getConstructor(int.class, String.class).newInstance(code, remark));
        } catch (ReflectiveOperationException absent) {
            return Optional.empty();
        }
    }

    /** Calls a setter that not every version has; false if this one has not. */
    public static boolean set(Object bean, String setter, Class<?> type, Object value) {
        try {
            bean.getClass().getMethod(setter, type).invoke(bean, value);
            return true;
        } catch (ReflectiveOperationException absent) {
            return false;
        }
    }

    /** A header or body class by its path below the protocol package, such as {@code header.PullMessageRequestHeader}. */
    public static Optional<Class<?>> protocolClass(String path) {
        for (String prefix : PROTOCOL_PACKAGES) {
            try {
                return Optional.of(Class.forName(prefix + path));
            } catch (ClassNotFoundException elsewhere) {
                // The next package may have it.
            }
        }
        return Optional.empty();
    }

    /** Whether this version knows a field of a header or body class. */
    public static boolean hasField(String path, String name) {
        return protocolClass(path).map(type -> findField(type, name)).isPresent();
    }

    /** A typed header with the fields that this version knows set; empty if it does not know the class. */
    public static Optional<CommandCustomHeader> header(String path, Map<String, Object> fields) throws Exception {
        Optional<Class<?>> type = protocolClass(path);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        Object header = type.get().getDeclaredConstructor().newInstance();
        for (var entry : fields.entrySet()) {
            assign(header, entry.getKey(), entry.getValue());
        }
        return Optional.of((CommandCustomHeader) header);
    }

    /** Sets a field of a header, whatever its visibility; does nothing if this version has no such field. */
    public static void assign(Object header, String name, Object value) throws IllegalAccessException {
        Field field = findField(header.getClass(), name);
        if (field != null) {
            field.setAccessible(true);
            field.set(header, value);
        }
    }

    private static Field findField(Class<?> type, String name) {
        for (Class<?> c = type; c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        return null;
    }

    private static boolean hasMethod(String className, String method) {
        try {
            for (var candidate : Class.forName(className).getMethods()) {
                if (candidate.getName().equals(method)) {
                    return true;
                }
            }
            return false;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
