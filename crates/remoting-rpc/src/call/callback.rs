use std::time::Duration;

use remoting_transport::catch_panic;
use remoting_transport::protocol::RemotingCommand;

use crate::channel::RpcChannel;
use crate::error::RpcError;

impl RpcChannel {
    /// As [`invoke`](Self::invoke), with a callback instead of a future, for ports of Java code
    /// (`invokeAsync(…, InvokeCallback)`). New code spawns or joins `invoke`.
    ///
    /// The callback is called exactly once, on a task that belongs to the server or client; it must not block. The end of
    /// a server or client fails the call, and so calls back; a shutdown waits until it has.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
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
