package remoting.interop.server;

import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Successful responses. */
final class Answers {
    private Answers() {
    }

    static RemotingCommand success() {
        return RemotingCommand.createResponseCommand(0, null);
    }

    static RemotingCommand with(String key, String value) {
        RemotingCommand response = success();
        response.addExtField(key, value);
        return response;
    }

    static RemotingCommand text(String text) {
        RemotingCommand response = success();
        response.setBody(text.getBytes(StandardCharsets.UTF_8));
        return response;
    }

    static RemotingCommand echo(RemotingCommand request) {
        RemotingCommand response = RemotingCommand.createResponseCommand(0, request.getRemark());
        response.setExtFields(request.getExtFields());
        response.setBody(request.getBody());
        return response;
    }
}
