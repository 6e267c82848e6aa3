//! A minimal load balancer in front of a server that is being replaced.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// Forwards its first connection to one server and all later ones to another. Stops when dropped.
pub(super) struct Forwarder {
    addr: SocketAddr,
    task: AbortHandle,
}

impl Forwarder {
    pub(super) async fn start(first: SocketAddr, later: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            let mut target = first;
            while let Ok((inbound, _)) = listener.accept().await {
                connections.spawn(splice(inbound, target));
                target = later;
            }
        });
        Ok(Self { addr, task: task.abort_handle() })
    }

    pub(super) const fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn splice(mut inbound: TcpStream, target: SocketAddr) -> std::io::Result<()> {
    let mut outbound = TcpStream::connect(target).await?;
    tokio::io::copy_bidirectional(&mut inbound, &mut outbound).await?;
    Ok(())
}
