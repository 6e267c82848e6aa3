//! Calls the greeter over remoting and gRPC, and is called back:
//!
//! ```sh
//! cargo run -p greeter --bin greeter-client -- 127.0.0.1:9876
//! ```

use std::error::Error;
use std::time::Duration;

use greeter::MyVisitor;
use greeter::helloworld::{GreeterClient, HelloRequest, Note, VisitorServer};
use remoting::{Executor, RemotingClient};
use tonic::transport::Endpoint;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9876".to_owned());

    // What this client serves to its server, over the connection that it opens.
    let visitor = VisitorServer::new(MyVisitor::new("a client of remoting"));
    let client = RemotingClient::builder().processors(visitor.processors(Executor::inline())).build()?;
    let over_remoting = GreeterClient::new(client.to(address.as_str()));
    let over_grpc = GreeterClient::new(Endpoint::from_shared(format!("http://{address}"))?.connect_lazy());

    for (protocol, greeter) in [("remoting", &over_remoting), ("gRPC", &over_grpc)] {
        let request = HelloRequest { name: protocol.to_owned() };
        let reply =
            greeter.say_hello(&request).timeout(Duration::from_secs(1)).metadata("greeting", "Hi").await?;
        println!("over {protocol}: {}", reply.message);
        greeter.take_note(&Note { text: format!("from {protocol}"), ..Note::default() }).await?;

        let status = greeter.say_hello(&HelloRequest::default()).await.err();
        println!("over {protocol}: {}", status.ok_or("a request without a name was served")?);
    }

    println!("over remoting: {}", over_remoting.welcome(&()).await?.message);
    client.shutdown().await;
    Ok(())
}
