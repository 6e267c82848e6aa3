//! Errors as peers read them in remarks.

use std::fmt;

use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Executor, RemotingServer, RequestContext};

/// An error that quotes its source, as errors of many libraries do.
#[derive(Debug)]
struct Quotes(std::io::Error);

impl fmt::Display for Quotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store is read-only: {}", self.0)
    }
}

impl std::error::Error for Quotes {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test(start_paused = true)]
async fn a_remark_does_not_repeat_a_source_that_its_error_quotes() {
    let fails = |_: RequestContext, _: RemotingCommand| async {
        Err::<RemotingCommand, _>(Quotes(std::io::Error::other("disk full")).into())
    };
    let server = RemotingServer::builder().bind("memory:remarks-quotes");
    let server = server.default_processor(Executor::inline(), fails).start().await.unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(RemotingCommand::request(RequestCode(31_001))).await;
    let answer = peer.expect(any()).await.into_command();
    assert_eq!(answer.response_code(), ResponseCode::SYSTEM_ERROR);
    assert_eq!(answer.remark(), Some("the store is read-only: disk full"));
    server.shutdown().await;
}
