//! The list of a server's channels.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use remoting_rpc::transport::Address;
use remoting_rpc::{RemotingClient, RemotingServer};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_servers_channels_are_listed_in_order_of_arrival() {
    let server = RemotingServer::builder().bind(Address::memory("channels-in-order")).start().await.unwrap();
    let mut clients = Vec::new();
    let mut peers = Vec::new();
    for count in 1..=40 {
        let client = RemotingClient::builder().build().unwrap();
        assert!(client.is_address_reachable(server.local_addr(), SECOND).await);
        let all_listed = async {
            while server.channels().len() < count {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(SECOND, all_listed).await.unwrap();
        peers.push(client.channel(server.local_addr()).unwrap().local_addr().clone());
        clients.push(client);
    }
    let listed: Vec<_> = server.channels().iter().map(|channel| channel.peer_addr().clone()).collect();
    assert_eq!(listed, peers);
    for client in clients {
        client.shutdown().await;
    }
    server.shutdown().await;
}
