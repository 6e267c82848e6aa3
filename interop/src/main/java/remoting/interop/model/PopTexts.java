package remoting.interop.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import remoting.interop.RocketMq;

/** The texts of POP, by the official {@code ExtraInfoUtil}, which 4.9 has not. */
final class PopTexts {
    private final Class<?> util;

    private PopTexts(Class<?> util) {
        this.util = util;
    }

    /**
     * For each line {@code extra TEXT}: the text, built anew from its parts. For each line {@code start TEXT},
     * {@code offsets TEXT} or {@code order TEXT}: what is read, by key.
     */
    static List<String> describe(List<String> lines) throws Exception {
        var texts = new PopTexts(RocketMq.protocolClass("header.ExtraInfoUtil").orElseThrow());
        var described = new ArrayList<String>();
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            described.add(texts.describe(words[0], words[1]));
        }
        return described;
    }

    private String describe(String kind, String text) throws Exception {
        switch (kind) {
            case "extra":
                return extraInfo(text);
            case "start":
                return map(call("parseStartOffsetInfo", text));
            case "offsets":
                return map(call("parseMsgOffsetInfo", text));
            default:
                return map(call("parseOrderCountInfo", text));
        }
    }

    private String extraInfo(String text) throws Exception {
        Object parts = call("split", text);
        Object topic = call("getRealTopic", parts, "T", "G");
        Method build = null;
        for (Method method : util.getMethods()) {
            if (method.getName().equals("buildExtraInfo") && method.getParameterCount() == 8) {
                build = method;
            }
        }
        return (String) build.invoke(null, call("getCkQueueOffset", parts), call("getPopTime", parts),
            call("getInvisibleTime", parts), call("getReviveQid", parts), topic, call("getBrokerName", parts),
            call("getQueueId", parts), call("getQueueOffset", parts));
    }

    private static String map(Object map) {
        return new TreeMap<>((Map<?, ?>) map).toString();
    }

    /** Calls the method of this name whose parameters take the arguments. */
    private Object call(String name, Object... arguments) throws Exception {
        for (Method method : util.getMethods()) {
            if (method.getName().equals(name) && takes(method, arguments)) {
                try {
                    return method.invoke(null, arguments);
                } catch (InvocationTargetException e) {
                    throw new IllegalArgumentException(name + " failed", e.getCause());
                }
            }
        }
        throw new NoSuchMethodException(name);
    }

    private static boolean takes(Method method, Object[] arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int n = 0; n < types.length; n++) {
            if (!types[n].isInstance(arguments[n])) {
                return false;
            }
        }
        return true;
    }
}
