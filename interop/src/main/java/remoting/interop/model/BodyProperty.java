package remoting.interop.model;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A property of a bean as fastjson sees it: written by its getter, read by its setter, or a public field. */
record BodyProperty(String name, Type type, boolean written, boolean read, Field field) {

    static Collection<BodyProperty> of(Class<?> bean) {
        Map<String, Type> types = new TreeMap<>();
        Map<String, Method> getters = new TreeMap<>();
        Map<String, Method> setters = new TreeMap<>();
        Map<String, Field> fields = new TreeMap<>();
        for (Method method : bean.getMethods()) {
            String name = propertyOf(method);
            if (name == null || isOff(method, "serialize") && method.getParameterCount() == 0) {
                continue;
            }
            if (method.getParameterCount() == 0) {
                Field field = field(bean, name);
                if (field != null && (Modifier.isTransient(field.getModifiers()) || isOff(field, "serialize"))) {
                    continue;
                }
                getters.put(name, method);
                types.put(name, method.getGenericReturnType());
            } else {
                setters.put(name, method);
                types.putIfAbsent(name, method.getGenericParameterTypes()[0]);
            }
        }
        for (Field field : bean.getFields()) {
            int modifiers = field.getModifiers();
            if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)) {
                fields.put(field.getName(), field);
                types.putIfAbsent(field.getName(), field.getGenericType());
            }
        }
        List<BodyProperty> properties = new ArrayList<>();
        types.forEach((name, type) -> {
            Field field = field(bean, name);
            boolean isPublic = fields.containsKey(name);
            String key = key(field, getters.get(name), name);
            boolean written = isPublic || getters.containsKey(name);
            boolean read = isPublic || setters.containsKey(name);
            properties.add(new BodyProperty(key, type, written, read, field));
        });
        return properties;
    }

    /** Like {@code Map<Integer,String>}; {@code get} and {@code set} tell that fastjson only writes or only reads it. */
    @Override
    public String toString() {
        String only = written ? read ? "" : "(get)" : "(set)";
        return name + ":" + simple(type) + only;
    }

    Object get(Object bean) throws IllegalAccessException {
        field.setAccessible(true);
        return field.get(bean);
    }

    void set(Object bean, Object value) throws IllegalAccessException {
        field.setAccessible(true);
        field.set(bean, value);
    }

    private static String propertyOf(Method method) {
        String name = method.getName();
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        if (isStatic || method.isBridge() || method.getDeclaringClass() == Object.class) {
            return null;
        }
        int parameters = method.getParameterCount();
        Class<?> result = method.getReturnType();
        if (parameters == 0 && name.startsWith("get") && result != void.class) {
            return decapitalized(name, 3);
        } else if (parameters == 0 && name.startsWith("is") && (result == boolean.class || result == Boolean.class)) {
            return decapitalized(name, 2);
        } else if (parameters == 1 && name.startsWith("set")) {
            return decapitalized(name, 3);
        }
        return null;
    }

    private static String decapitalized(String method, int prefix) {
        if (method.length() == prefix || !Character.isUpperCase(method.charAt(prefix))) {
            return null;
        }
        return Character.toLowerCase(method.charAt(prefix)) + method.substring(prefix + 1);
    }

    private static Field field(Class<?> bean, String name) {
        for (Class<?> type = bean; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name) && !Modifier.isStatic(field.getModifiers())) {
                    return field;
                }
            }
        }
        return null;
    }

    private static boolean isOff(java.lang.reflect.AnnotatedElement element, String what) {
        return jsonFields(element).anyMatch(annotation -> Boolean.FALSE.equals(value(annotation, what)));
    }

    private static String key(Field field, Method getter, String name) {
        return Stream.of(field, getter)
            .filter(element -> element != null)
            .flatMap(BodyProperty::jsonFields)
            .map(annotation -> (String) value(annotation, "name"))
            .filter(key -> !key.isEmpty())
            .findFirst()
            .orElse(name);
    }

    /** Both fastjson versions have an annotation of this name. */
    private static Stream<Annotation> jsonFields(java.lang.reflect.AnnotatedElement element) {
        return Stream.of(element.getAnnotations()).filter(annotation -> annotation.annotationType().getSimpleName().equals("JSONField"));
    }

    private static Object value(Annotation annotation, String member) {
        try {
            return annotation.annotationType().getMethod(member).invoke(annotation);
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException(absent);
        }
    }

    private static String simple(Type type) {
        if (type instanceof ParameterizedType generic) {
            String arguments = Stream.of(generic.getActualTypeArguments()).map(BodyProperty::simple).collect(Collectors.joining(","));
            return simple(generic.getRawType()) + "<" + arguments + ">";
        }
        return type instanceof Class<?> known ? known.getSimpleName() : type.getTypeName();
    }
}
