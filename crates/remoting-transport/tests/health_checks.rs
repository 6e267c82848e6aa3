//! A connection that closes without sending a byte is a health check and does not count as refused.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;
mod tls_support;

use std::time::Duration;

use certificates::Authority;
use remoting_transport::{
    Bootstrap, ListenerOptions, ProxyProtocol,
    tls::{ServerTlsConfig, TlsMode},
};
use support::{Echo, plain, serve};
use tls_support::{LOCALHOST, identity, server};
use tokio::net::TcpStream;

/// The way in which a health check closes its connection.
#[derive(Debug, Clone, Copy)]
enum Leave {
    Fin,
    Rst,
}

/// Runs four health checks and returns how many were counted as refused.
async fn refused(bootstrap: Bootstrap, leave: Leave) -> u64 {
    let served = serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await;
    for count in 1..=4 {
        let socket = TcpStream::connect(served.address.as_socket().unwrap()).await.unwrap();
        if let Leave::Rst = leave {
            socket2::SockRef::from(&socket).set_linger(Some(Duration::ZERO)).unwrap();
        }
        drop(socket);
        let gone = async {
            while served.statistics.accepted() < count || !served.tasks.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), gone).await.expect("the connection is gone");
    }
    served.statistics.refused_in_prologue()
}

#[tokio::test]
async fn a_health_check_is_no_refusal() {
    let authority = Authority::new("health");
    let tls = ServerTlsConfig::new(identity(&authority.server(LOCALHOST)));
    let loopback = || ["127.0.0.0/8".parse().unwrap()];
    for leave in [Leave::Fin, Leave::Rst] {
        for (port, bootstrap) in [
            ("TLS, enforcing", server(tls.clone())),
            ("TLS, permissive", server(tls.clone().mode(TlsMode::Permissive))),
            ("PROXY, required", plain().prologue_step(ProxyProtocol::required(loopback()))),
            ("PROXY, optional", plain().prologue_step(ProxyProtocol::optional(loopback()))),
        ] {
            assert_eq!(refused(bootstrap, leave).await, 0, "{port}, {leave:?}");
        }
    }
}
