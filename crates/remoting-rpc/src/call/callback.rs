use std::time::Duration;

use remoting_transport::catch_panic;
use remoting_transport::protocol::RemotingCommand;

use crate::channel::RpcChannel;
use crate::error::RpcError;

impl RpcChannel {
    /// Equivalent of [`invoke`](Self::invoke) with a callback instead of a future, for ports of Java code
    /// (`invokeAsync(…, InvokeCallback)`). New code should spawn or join `invoke`.
    ///
    /// The callback is called exactly once, on a task of the server or client, and must not block. A shutdown
    /// of the server or client fails the call, and waits for its callback.
    pub fn invoke_with_callback(
        &self,
        request: RemotingCommand,
        timeout: Duration,
        callback: impl FnOnce(Result<RemotingCommand, RpcError>) + Send + 'static,
    ) {
        let channel = self.clone();
        self.endpoint().callbacks.spawn(async move {
            let result = channel.invoke(request, timeout).await;
            if let Err(panic) = catch_panic(|| callback(result)) {
                tracing::error!(peer = %channel.peer_addr(), "the callback of a call panicked: {panic}");
            }
        });
    }
}
