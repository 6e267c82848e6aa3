//! Replacing the network: address maps, sockets that are already bound, a network in memory.
//!
//! Every connection of a server or client comes from its [`Network`](crate::Network): calls, name-server
//! probes, reconnects, sub-servers. The default is [`SystemNetwork`](crate::transport::SystemNetwork): TCP,
//! Unix-domain sockets (`unix:/run/broker.sock`) and addresses within the process (`memory:broker-a`). TLS,
//! PROXY headers, SOCKS5 proxies and time limits lie on top of every network.
//!
//! # An address map
//!
//! Brokers in containers advertise addresses that only containers can reach. This network dials other
//! addresses instead. TLS still verifies the advertised name.
//!
//! ```
//! use std::collections::HashMap;
//! use remoting::prelude::*;
//! use remoting::transport::{
//!     Acceptor, Connection, Network, NetworkFuture, SocketOptions, SystemNetwork,
//! };
//!
//! #[derive(Debug)]
//! struct AddressMap(HashMap<Address, Address>);
//!
//! impl Network for AddressMap {
//!     fn dial<'a>(
//!         &'a self,
//!         address: &'a Address,
//!         options: &'a SocketOptions,
//!     ) -> NetworkFuture<'a, Connection> {
//!         SystemNetwork.dial(self.0.get(address).unwrap_or(address), options)
//!     }
//!
//!     fn listen<'a>(
//!         &'a self,
//!         address: &'a Address,
//!         options: &'a SocketOptions,
//!     ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
//!         SystemNetwork.listen(address, options)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = RemotingServer::builder().bind("127.0.0.1:0").start().await?;
//! # let reachable = server.local_addr().clone();
//! let advertised: Address = "172.17.0.2:10911".parse()?;
//! let map = AddressMap(HashMap::from([(advertised.clone(), reachable)]));
//! let client = RemotingClient::builder().network(map).build()?;
//!
//! let request = RemotingCommand::request(RequestCode::HEART_BEAT);
//! let response = client.to(&advertised).invoke(request).await?;
//! assert_eq!(response.response_code(), ResponseCode::REQUEST_CODE_NOT_SUPPORTED);
//! # client.shutdown().await;
//! # server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # A socket that is already bound
//!
//! `builder.listener(socket)` takes a TCP or Unix-domain listener of the standard library or of tokio, for
//! socket activation and for a process that takes over at an upgrade.
//!
//! # A network in memory
//!
//! A [`MemoryNetwork`](crate::transport::MemoryNetwork) has addresses of its own: see
//! [Testing](super::testing#a-network-in-memory).
