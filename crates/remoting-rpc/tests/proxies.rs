//! Servers behind proxies that speak the PROXY protocol, and clients that send its header.

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

/// Returns a server that responds with the client's address as it sees it.
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

async fn remark_of(client: &RemotingClient, addr: &Address) -> Result<String, RpcError> {
    let response = client.invoke(addr, RemotingCommand::request(WHO_AM_I), HOUR).await?;
    Ok(response.remark().unwrap().to_owned())
}

fn proxied_client() -> RemotingClient {
    let header =
        ProxyHeader::proxied("192.0.2.1:51234".parse().unwrap(), "198.51.100.7:9876".parse().unwrap());
    RemotingClient::builder().proxy_header(SendProxyHeader::new(header).with_checksum()).build().unwrap()
}

#[tokio::test]
async fn a_processor_sees_the_client_address_of_the_header_on_each_port() {
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
        assert_eq!(remark_of(&client, addr).await.unwrap(), "192.0.2.1:51234");
    }
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_client_without_a_required_header_is_rejected() {
    let server = server(ProxyProtocol::required(loopback()), ServerConfig::new()).await;
    let client = RemotingClient::builder().build().unwrap();
    assert!(remark_of(&client, server.local_addr()).await.is_err());
    assert_eq!(server.listener_statistics().refused_in_prologue(), 1);
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_server_limits_the_connections_of_a_network() {
    let config = ServerConfig::new().max_connections_per_network(1);
    let server = server(ProxyProtocol::optional([]), config).await;
    let (first, second) =
        (RemotingClient::builder().build().unwrap(), RemotingClient::builder().build().unwrap());
    remark_of(&first, server.local_addr()).await.unwrap();
    assert!(remark_of(&second, server.local_addr()).await.is_err());
    // If the client learns of the close before the request is written, it tries once more.
    assert!((1..=2).contains(&server.listener_statistics().refused_by_network()));
    first.shutdown().await;
    second.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn the_error_of_a_call_names_the_unreachable_socks_proxy() {
    let proxies = SocksProxies::all(SocksProxy::new(Address::memory("no-such-proxy")));
    let client =
        RemotingClient::builder().config(ClientConfig::new().socks_proxies(proxies)).build().unwrap();
    let error = remark_of(&client, &"192.0.2.1:9876".parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, RpcError::Connect { .. }), "{error}");
    assert!(ErrorChain(&error).to_string().contains("memory:no-such-proxy"), "{error:?}");
    client.shutdown().await;
}

#[test]
fn javas_socks_table_is_read_as_a_property() {
    let json = r#"{"10.0.0.0/8": {"addr": "127.0.0.1:1080", "username": "u", "password": "p"}}"#;
    for key in ["socksProxyConfig", "com.rocketmq.socks.proxy.config"] {
        let config = ClientConfig::from_properties(|name| (name == key).then(|| json.to_owned())).unwrap();
        assert_eq!(config, ClientConfig::new().socks_proxies(SocksProxies::from_json(json).unwrap()));
    }
    assert!(ClientConfig::from_properties(|name| (name == "socksProxyConfig").then(|| "[".into())).is_err());
}
