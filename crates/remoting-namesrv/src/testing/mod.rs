//! A double of a broker, for unit tests of clients.
//!
//! With a name server and a broker in memory, a test of a client needs neither ports nor processes nor Docker:
//!
//! ```
//! use remoting::transport::MemoryNetwork;
//! use remoting_namesrv::NameServer;
//! use remoting_namesrv::testing::BrokerDouble;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let network = MemoryNetwork::new();
//! let name_server = NameServer::builder().network(network.clone()).bind("10.0.0.9:9876").start().await?;
//! let broker = BrokerDouble::builder("broker-a")
//!     .network(network.clone())
//!     .bind("10.0.0.1:10911")
//!     .name_servers("10.0.0.9:9876")
//!     .topic("orders", 4)
//!     .start()
//!     .await?;
//!
//! // A client on the same network, with the name server 10.0.0.9:9876, sends to the topic and consumes from it.
//! assert!(name_server.route("orders").is_some());
//! assert!(broker.messages("orders").is_empty());
//! # broker.shutdown().await;
//! # name_server.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod broker;
mod builder;
mod groups;
mod handlers;
mod state;
mod store;

pub use self::broker::BrokerDouble;
pub use self::builder::{BrokerDoubleBuilder, BrokerDoubleError};
