package remoting.interop.model;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.rocketmq.common.MQVersion;

/**
 * The artifacts {@code rocketmq-broker} and {@code rocketmq-store}, in the folder {@code broker} beside that of the libraries.
 * They are not on the class path: each brings a configuration of the log, which would be that of all programs.
 */
final class BrokerArtifacts {
    private static final ClassLoader LOADER = loader();

    private BrokerArtifacts() {
    }

    /** A class of these artifacts, or of those on the class path, which not every version has. */
    static Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, true, LOADER));
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }

    private static ClassLoader loader() {
        try {
            File library = new File(MQVersion.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            File[] jars = new File(library.getParentFile().getParentFile(), "broker").listFiles((folder, name) -> name.endsWith(".jar"));
            if (jars == null || jars.length != 2) {
                throw new IllegalStateException("not the two artifacts of the broker beside " + library.getParent());
            }
            List<URL> urls = new ArrayList<>();
            for (File jar : jars) {
                urls.add(jar.toURI().toURL());
            }
            return new URLClassLoader(urls.toArray(new URL[0]), BrokerArtifacts.class.getClassLoader());
        } catch (URISyntaxException | MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
