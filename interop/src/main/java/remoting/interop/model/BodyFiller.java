package remoting.interop.model;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Makes instances of body classes. The same class always gets the same values. */
final class BodyFiller {
    /** Beyond the integers that a double holds exactly. */
    private static final long LARGE = (1L << 53) + 1;

    private int number;

    private BodyFiller() {
    }

    /** An instance whose every property differs from its default. */
    static Object filled(Class<?> type) throws Exception {
        return new BodyFiller().bean(type);
    }

    /** An instance as its constructor leaves it, but for the time of its creation, which is 0. */
    static Object fresh(Class<?> type) throws Exception {
        Object bean = instance(type);
        resetTimes(bean);
        return bean;
    }

    private static void resetTimes(Object bean) throws Exception {
        for (BodyProperty property : BodyProperty.of(bean.getClass())) {
            Object value = property.field() == null ? null : property.get(bean);
            if (value instanceof Long time && System.currentTimeMillis() - time < 3_600_000) {
                property.set(bean, 0L);
            } else if (value != null && value.getClass().getName().startsWith("org.apache.rocketmq.") && !(value instanceof Enum)) {
                resetTimes(value);
            }
        }
    }

    private Object bean(Class<?> type) throws Exception {
        Object bean = instance(type);
        for (BodyProperty property : BodyProperty.of(type)) {
            if (property.written() && property.field() != null) {
                property.set(bean, value(property.field().getGenericType(), property.name(), property.get(bean)));
            }
        }
        return bean;
    }

    /** By the constructor with the fewest parameters: a class without an empty one gets empty sets, nulls, zeros and {@code false}. */
    private static Object instance(Class<?> type) throws Exception {
        Constructor<?> constructor = Stream.of(type.getDeclaredConstructors())
            .filter(candidate -> !candidate.isSynthetic() && !List.of(candidate.getParameterTypes()).contains(type))
            .min(Comparator.comparingInt(Constructor::getParameterCount))
            .orElseThrow();
        constructor.setAccessible(true);
        return constructor.newInstance(Stream.of(constructor.getParameterTypes()).map(BodyFiller::zero).toArray());
    }

    private static Object zero(Class<?> type) {
        return type == Set.class ? Set.of() : Array.get(Array.newInstance(type, 1), 0);
    }

    private Object value(Type type, String name, Object former) throws Exception {
        number++;
        if (type instanceof ParameterizedType generic) {
            return container((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), name);
        }
        Class<?> known = (Class<?>) type;
        if (known == String.class) {
            return name + "-" + number;
        } else if (known == int.class || known == Integer.class) {
            return number;
        } else if (known == long.class || known == Long.class) {
            return LARGE + number;
        } else if (known == AtomicLong.class) {
            return new AtomicLong(LARGE + number);
        } else if (known == double.class) {
            return number + 0.5;
        } else if (known == boolean.class || known == Boolean.class) {
            return !Boolean.TRUE.equals(former);
        } else if (known.isEnum()) {
            Object[] constants = known.getEnumConstants();
            Object last = constants[constants.length - 1];
            return last == former ? constants[0] : last;
        } else if (known == BitSet.class) {
            return BitSet.valueOf(new long[] {LARGE + number});
        } else if (known == Properties.class) {
            Properties properties = new Properties();
            properties.setProperty(name, name + "-" + number);
            return properties;
        } else if (known.isArray()) {
            Object array = Array.newInstance(known.getComponentType(), 2);
            Array.set(array, 0, value(known.getComponentType(), name, null));
            Array.set(array, 1, value(known.getComponentType(), name, null));
            return array;
        }
        return bean(known);
    }

    /** Two elements or entries. */
    private Object container(Class<?> raw, Type[] arguments, String name) throws Exception {
        if (Map.class.isAssignableFrom(raw)) {
            Map<Object, Object> map = TreeMap.class.isAssignableFrom(raw) ? new TreeMap<>()
                : raw.getName().contains("Concurrent") ? new ConcurrentHashMap<>() : new LinkedHashMap<>();
            for (int i = 0; i < 2; i++) {
                Object key = value(arguments[0], name, null);
                map.put(key, value(arguments[1], name, null));
            }
            return map;
        }
        Collection<Object> elements = raw == TreeSet.class ? new TreeSet<>()
            : raw.isAssignableFrom(LinkedHashSet.class) ? new LinkedHashSet<>() : new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            elements.add(value(arguments[0], name, null));
        }
        return elements;
    }
}
