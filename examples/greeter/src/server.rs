use std::error::Error;
use std::time::Duration;

use remoting::service::DeadlinePolicy;
use remoting::service::grpc::Grpc;
use remoting::{Executor, RemotingServer};
use tonic::service::Routes;

use crate::helloworld::{FILE_DESCRIPTOR_SET, GreeterServer};
use crate::my_greeter::MyGreeter;

/// Serves [`MyGreeter`] at an address, such as `127.0.0.1:0`, over remoting and gRPC. gRPC's health and reflection services
/// stand beside it.
///
/// # Errors
///
/// The address is not valid or in use.
///
/// # Cancellation
///
/// Dropping the future closes the listener.
pub async fn serve(address: &str) -> Result<RemotingServer, Box<dyn Error + Send + Sync>> {
    let deadlines = DeadlinePolicy::new().default_timeout(Duration::from_secs(5));
    let greeter =
        GreeterServer::new(MyGreeter::default()).deadlines(deadlines.maximum(Duration::from_secs(60)));

    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status("helloworld.Greeter", tonic_health::ServingStatus::Serving).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        // The file has a service that clients serve, too.
        .with_service_name("helloworld.Greeter")
        .with_service_name("grpc.health.v1.Health")
        .build_v1()?;
    let routes = Routes::new(greeter.grpc()).add_service(health_service).add_service(reflection);

    let server = RemotingServer::builder()
        .bind(address)
        // `SayHello` is ready when it is polled, so it needs no task.
        .processors(greeter.processors_with(|method| match method {
            "SayHello" => Executor::inline(),
            _ => Executor::runtime(1_024),
        }))
        .prologue_step(Grpc::new(routes))
        .start()
        .await?;
    Ok(server)
}
