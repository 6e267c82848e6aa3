package remoting.interop.model;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.CommandCustomHeader;

/** The typed headers of the artifacts on the class path, and what {@code RemotingCommand} sends of each. */
final class HeaderClasses {
    private HeaderClasses() {
    }

    /** Every class that can be a header, by simple name, which no two of them share. */
    static List<Class<? extends CommandCustomHeader>> all() throws Exception {
        List<Class<? extends CommandCustomHeader>> headers = new ArrayList<>();
        for (Class<?> inArtifact : List.of(CommandCustomHeader.class, MQVersion.class)) {
            for (String name : classNames(inArtifact)) {
                Class<?> type;
                try {
                    type = Class.forName(name, false, HeaderClasses.class.getClassLoader());
                } catch (LinkageError unusable) {
                    continue; // needs a library that the artifact does not bring; no header does
                }
                if (CommandCustomHeader.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                    headers.add(type.asSubclass(CommandCustomHeader.class));
                }
            }
        }
        headers.sort(Comparator.comparing(Class::getSimpleName));
        return headers;
    }

    /** The names of the classes in the artifact of a class. */
    private static List<String> classNames(Class<?> inArtifact) throws Exception {
        Path jar = Path.of(inArtifact.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class"))
                .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.')).toList();
        } catch (IOException unreadable) {
            throw new IOException(jar.toString(), unreadable);
        }
    }

    /** A header as its constructor leaves it. */
    static CommandCustomHeader create(Class<? extends CommandCustomHeader> type) throws ReflectiveOperationException {
        Constructor<? extends CommandCustomHeader> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** The fields that are sent, those of the class before those of its superclasses: see {@code getClazzFields}. */
    static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> declaring = type; declaring != Object.class; declaring = declaring.getSuperclass()) {
            for (Field field : declaring.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getName().startsWith("this")) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    /** Whether the field has {@code @CFNotNull}. */
    static boolean isNotNull(Field field) {
        return annotation(field.getAnnotations(), "CFNotNull") != null;
    }

    /** The number in {@code @RocketMQAction}, an annotation that 4.9 lacks. */
    static OptionalInt requestCode(Class<?> type) throws ReflectiveOperationException {
        Annotation action = annotation(type.getAnnotations(), "RocketMQAction");
        return action == null ? OptionalInt.empty()
            : OptionalInt.of((Integer) action.annotationType().getMethod("value").invoke(action));
    }

    /** Whether the header writes itself into a ROCKETMQ header. */
    static boolean isFast(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> implemented : c.getInterfaces()) {
                if (implemented.getSimpleName().equals("FastCodesHeader")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Annotation annotation(Annotation[] annotations, String simpleName) {
        for (Annotation annotation : annotations) {
            if (annotation.annotationType().getSimpleName().equals(simpleName)) {
                return annotation;
            }
        }
        return null;
    }
}
