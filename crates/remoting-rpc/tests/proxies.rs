//! Servers behind proxies that speak the PROXY protocol, and clients that do.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{
    Address, IpNet, ProxyHeader, ProxyProtocol, SendProxyHeader, SocksProxies, SocksProxy,
};
use remoting_rpc::{
    ClientConfig, Executor, RemotingClient, RemotingServer, RequestContext, RpcError, ServerConfig,
};

const WHO_AM_I: RequestCode = RequestCode(1001);
const HOUR: Duration = Duration::from_secs(3600);

fn loopback() -> [IpNet; 1] {
    ["127.0.0.0/8".parse().unwrap()]
}

/// Answers with the address it thinks the client has.
async fn server(proxy_protocol: ProxyProtocol, config: ServerConfig) -> RemotingServer {
    RemotingServer::builder()
        .bind("127.0.0.1:0")
        .config(config)
        .proxy_protocol(proxy_protocol.quiet_time(HOUR).deadline(HOUR))
        .processor(WHO_AM_I, Executor::inline(), |cx: RequestContext, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                .with_remark(cx.peer_addr().to_string()))
        })
        .start()
        .await
        .unwrap()
}

async fn asks(client: &RemotingClient, addr: &Address) -> Result<String, RpcError> {
    let response = client.invoke(addr, RemotingCommand::request(WHO_AM_I), HOUR).await?;
    Ok(response.remark().unwrap().to_owned())
}

fn proxied_client() -> RemotingClient {
    let header =
        ProxyHeader::proxied("192.0.2.1:51234".parse().unwrap(), "198.51.100.7:9876".parse().unwrap());
    RemotingClient::builder().proxy_header(SendProxyHeader::new(header).with_checksum()).build().unwrap()
}

#[tokio::test]
async fn a_processor_sees_the_client_that_the_header_names_on_each_port_of_the_server() {
    let server = server(ProxyProtocol::required(loopback()), ServerConfig::new()).await;
    let other = server.bind_also("127.0.0.1:0").await.unwrap();
    other.register_processor(
        WHO_AM_I,
        Executor::inline(),
        |cx: RequestContext, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                .with_remark(cx.peer_addr().to_string()))
        },
    );
    let client = proxied_client();
    for addr in [server.local_addr(), other.local_addr()] {
        assert_eq!(asks(&client, addr).await.unwrap(), "192.0.2.1:51234");
    }
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_client_without_a_header_is_refused_where_one_is_required() {
    let server = server(ProxyProtocol::required(loopback()), ServerConfig::new()).await;
    let client = RemotingClient::builder().build().unwrap();
    assert!(asks(&client, server.local_addr()).await.is_err());
    assert_eq!(server.listener_statistics().refused_in_prologue(), 1);
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_limit_for_each_network_is_one_of_the_settings() {
    let config = ServerConfig::new().max_connections_per_network(1);
    let server = server(ProxyProtocol::optional([]), config).await;
    let (first, second) =
        (RemotingClient::builder().build().unwrap(), RemotingClient::builder().build().unwrap());
    asks(&first, server.local_addr()).await.unwrap();
    assert!(asks(&second, server.local_addr()).await.is_err());
    // Whoever learns of it before the request is written tries once more.
    assert!((1..=2).contains(&server.listener_statistics().refused_by_network()));
    first.shutdown().await;
    second.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn an_error_of_a_call_names_the_socks_proxy_that_cannot_be_reached() {
    let proxies = SocksProxies::all(SocksProxy::new(Address::memory("no-such-proxy")));
    let client =
        RemotingClient::builder().config(ClientConfig::new().socks_proxies(proxies)).build().unwrap();
    let error = asks(&client, &"192.0.2.1:9876".parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, RpcError::Connect { .. }), "{error}");
    assert!(ErrorChain(&error).to_string().contains("memory:no-such-proxy"), "{error:?}");
    client.shutdown().await;
}

#[test]
fn the_table_of_java_is_read_as_a_property() {
    let json = r#"{"10.0.0.0/8": {"addr": "127.0.0.1:1080", "username": "u", "password": "p"}}"#;
    for key in ["socksProxyConfig", "com.rocketmq.socks.proxy.config"] {
        let config = ClientConfig::from_properties(|name| (name == key).then(|| json.to_owned())).unwrap();
        assert_eq!(config, ClientConfig::new().socks_proxies(SocksProxies::from_json(json).unwrap()));
    }
    assert!(ClientConfig::from_properties(|name| (name == "socksProxyConfig").then(|| "[".into())).is_err());
}
