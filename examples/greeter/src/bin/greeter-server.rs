//! Serves the greeter over remoting and gRPC on one port, until Ctrl-C:
//!
//! ```sh
//! cargo run -p greeter --bin greeter-server -- 127.0.0.1:9876
//! grpcurl -plaintext -d '{"name": "gRPC"}' 127.0.0.1:9876 helloworld.Greeter/SayHello
//! ```

use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9876".to_owned());
    let server = greeter::serve(&address).await?;
    println!("greeter-server listens on {} for remoting and gRPC", server.local_addr());
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(())
}
