package remoting.interop.model;

import java.io.File;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;

/** The classes of the artifacts that are, or are part of, JSON bodies. */
final class BodyClasses {
    /** Packages all of whose beans are bodies or parts of bodies. */
    private static final Pattern PACKAGES = Pattern.compile(
        "org/apache/rocketmq/(remoting|common)/protocol/(body|heartbeat|route|topic)/[^/]+\\.class"
            + "|org/apache/rocketmq/(remoting/protocol|common)/(admin|subscription)/[^/]+\\.class");

    /** Bodies outside of these packages that extend nothing. */
    private static final Pattern OTHERS = Pattern.compile("org/apache/rocketmq/common/(CheckRocksdbCqWriteResult|coldctr/AccAndTimeStamp)\\.class");

    /** Bodies in the artifacts of the broker. 5.0 has moved the first, and brought the last. */
    private static final List<String> OF_BROKER = List.of(
        "org.apache.rocketmq.store.schedule.DelayOffsetSerializeWrapper",
        "org.apache.rocketmq.broker.schedule.DelayOffsetSerializeWrapper",
        "org.apache.rocketmq.store.timer.TimerMetrics$TimerMetricsSerializeWrapper");

    /** Beans that no request or response has: a broker or controller keeps them in memory. */
    private static final Pattern NEVER_SENT = Pattern.compile("RoleChangeNotifyEntry|TopicQueueMappingOne");

    private BodyClasses() {
    }

    /** By simple name: the classes of the packages, every other {@code RemotingSerializable}, and what their properties refer to. */
    static Map<String, Class<?>> all() throws Exception {
        ArrayDeque<Class<?>> waiting = new ArrayDeque<>();
        for (Class<?> marker : List.<Class<?>>of(MQVersion.class, RemotingSerializable.class)) {
            waiting.addAll(bodies(new File(marker.getProtectionDomain().getCodeSource().getLocation().toURI())));
        }
        for (String name : OF_BROKER) {
            BrokerArtifacts.find(name).ifPresent(waiting::add);
        }
        Map<String, Class<?>> found = new TreeMap<>();
        while (!waiting.isEmpty()) {
            Class<?> type = waiting.remove();
            Class<?> other = found.put(type.getSimpleName(), type);
            if (other == type) {
                continue;
            } else if (other != null) {
                throw new IllegalStateException("two classes " + type.getSimpleName());
            }
            if (!type.isEnum()) {
                for (BodyProperty property : BodyProperty.of(type)) {
                    addReferred(property.type(), waiting);
                }
            }
        }
        return found;
    }

    private static Collection<Class<?>> bodies(File jar) throws Exception {
        List<Class<?>> bodies = new ArrayList<>();
        try (JarFile file = new JarFile(jar)) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
                String name = entries.nextElement().getName();
                boolean listed = PACKAGES.matcher(name).matches() || OTHERS.matcher(name).matches();
                if (!listed && !name.matches("org/apache/rocketmq/.*/protocol/.*\\.class")) {
                    continue;
                }
                Class<?> type = Class.forName(name.replace('/', '.').substring(0, name.length() - 6), false, BodyClasses.class.getClassLoader());
                if ((listed || RemotingSerializable.class.isAssignableFrom(type)) && isBean(type)) {
                    bodies.add(type);
                }
            }
        }
        return bodies;
    }

    private static boolean isBean(Class<?> type) {
        return !type.isInterface() && !type.isEnum() && !type.isAnonymousClass() && !type.isSynthetic()
            && !Modifier.isAbstract(type.getModifiers()) && !NEVER_SENT.matcher(type.getSimpleName()).matches();
    }

    private static void addReferred(Type type, Collection<Class<?>> waiting) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                addReferred(argument, waiting);
            }
            addReferred(generic.getRawType(), waiting);
        } else if (type instanceof Class<?> referred && referred.getName().startsWith("org.apache.rocketmq.") && !referred.isInterface()) {
            waiting.add(referred);
        }
    }
}
