package remoting.interop.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** A bare socket with RocketMQ's codec: shows the answers that {@code NettyRemotingClient} keeps to itself. */
final class RawConnection {
    private final Socket socket;
    private final DataInputStream in;

    RawConnection(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(5000);
        in = new DataInputStream(socket.getInputStream());
    }

    RemotingCommand call(RemotingCommand request) throws Exception {
        ByteBuffer frame = request.encode();
        socket.getOutputStream().write(frame.array(), frame.arrayOffset(), frame.limit());
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return RemotingCommand.decode(answer);
    }
}
