package remoting.interop;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The request codes and messages of {@code greeter.proto}. The messages are built from its descriptors, without protoc. */
public record ServiceMessages(FileDescriptor file) {
    public static final int SAY_HELLO = 20_001;
    public static final int TAKE_NOTE = 20_002;
    public static final int LIST_NOTES = 20_003;
    public static final int WELCOME = 20_004;
    public static final int WHO_ARE_YOU = 20_101;

    /** Reads a set in which each file stands behind those that it imports; the last is the one with the services. */
    public static ServiceMessages read(Path path) throws IOException, DescriptorValidationException {
        Map<String, FileDescriptor> files = new HashMap<>();
        FileDescriptor last = null;
        for (FileDescriptorProto proto : FileDescriptorSet.parseFrom(Files.readAllBytes(path)).getFileList()) {
            FileDescriptor[] imports = proto.getDependencyList().stream().map(files::get).toArray(FileDescriptor[]::new);
            last = FileDescriptor.buildFrom(proto, imports);
            files.put(proto.getName(), last);
        }
        return new ServiceMessages(last);
    }

    /** The bytes of a message with these fields, given as name, value, name, value. */
    public byte[] encode(String message, Object... fields) {
        Descriptor descriptor = file.findMessageTypeByName(message);
        var builder = DynamicMessage.newBuilder(descriptor);
        for (int i = 0; i < fields.length; i += 2) {
            builder.setField(descriptor.findFieldByName((String) fields[i]), fields[i + 1]);
        }
        return builder.build().toByteArray();
    }

    public DynamicMessage decode(String message, byte[] body) throws InvalidProtocolBufferException {
        // Java has no body where ours is empty, and an empty message has no bytes.
        return DynamicMessage.parseFrom(file.findMessageTypeByName(message), body == null ? new byte[0] : body);
    }

    /** The value of a field. */
    public static Object field(DynamicMessage message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }
}
