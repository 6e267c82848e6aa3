package remoting.interop.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import java.util.List;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import remoting.interop.Cases;
import remoting.interop.Expect;
import remoting.interop.ServiceMessages;

/** Calls of a service that is described in a .proto file, by its request codes. */
record ServiceCases(Peer peer, ServiceMessages messages) {
    private static final int INVALID_PARAMETER = 29;
    private static final int NOT_SUPPORTED = 3;

    void run(Cases cases) {
        peer.serve(ServiceMessages.WHO_ARE_YOU, request -> {
            RemotingCommand response = RemotingCommand.createResponseCommand(0, null);
            response.setBody(messages.encode("VisitorName", "name", "Java"));
            return response;
        });
        for (SerializeType type : SerializeType.values()) {
            String suffix = Requests.suffix(type);
            cases.run("service-call" + suffix, () -> Expect.equal("greeting", "Hello, Java!", greeting(sayHello(type, "Java"))));
            cases.run("service-metadata" + suffix,
                () -> Expect.equal("greeting", "Bonjour, Java!", greeting(sayHello(type, "Java", "greeting", "Bonjour"))));
            cases.run("service-status" + suffix, () -> {
                RemotingCommand response = sayHello(type, "");
                Expect.answer(INVALID_PARAMETER, "the request has no name", response);
                Expect.equal("gRPC's code", "3", Expect.field(response, "grpc-status"));
            });
            cases.run("service-oneway" + suffix, () -> takeNote(type));
            cases.run("service-calls-its-client" + suffix,
                () -> Expect.equal("greeting", "Welcome, Java!", greeting(peer.sync(Requests.of(ServiceMessages.WELCOME, type)))));
        }
        cases.run("service-malformed-message", () -> {
            RemotingCommand request = Requests.of(ServiceMessages.SAY_HELLO);
            request.setBody(new byte[] {0x0a, 0x7f});
            RemotingCommand response = peer.sync(request);
            Expect.isTrue("a message that ends early is refused, code " + response.getCode(), response.getCode() != 0);
            Expect.equal("greeting afterwards", "Hello, Java!", greeting(sayHello(SerializeType.JSON, "Java")));
        });
        cases.run("service-grpc-only", () -> Expect.answer(NOT_SUPPORTED, peer.sync(Requests.of(20_005))));
    }

    private RemotingCommand sayHello(SerializeType type, String name, String... fields) throws Exception {
        RemotingCommand request = Requests.with(ServiceMessages.SAY_HELLO, type, fields);
        request.setBody(messages.encode("HelloRequest", "name", name));
        return peer.sync(request);
    }

    private String greeting(RemotingCommand response) throws Exception {
        return (String) ServiceMessages.field(messages.decode("HelloReply", Expect.success(response).getBody()), "message");
    }

    /** Sends a note one-way, and waits until it is in the list. */
    private void takeNote(SerializeType type) throws Exception {
        String text = "from Java" + Requests.suffix(type);
        ByteString attachment = ByteString.copyFrom(new byte[100_000]);
        RemotingCommand request = Requests.of(ServiceMessages.TAKE_NOTE, type);
        request.setBody(messages.encode("Note", "text", text, "attachment", attachment));
        peer.oneway(request);
        for (int i = 0; i < 100; i++) {
            RemotingCommand response = Expect.success(peer.sync(Requests.of(ServiceMessages.LIST_NOTES, type)));
            for (Object note : (List<?>) ServiceMessages.field(messages.decode("Notes", response.getBody()), "notes")) {
                if (text.equals(ServiceMessages.field((DynamicMessage) note, "text"))) {
                    Expect.equal("attachment", attachment, ServiceMessages.field((DynamicMessage) note, "attachment"));
                    return;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the note did not arrive");
    }
}
