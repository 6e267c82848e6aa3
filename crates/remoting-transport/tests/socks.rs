//! Dialling through SOCKS5 proxies.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod support;

use std::time::Duration;

use remoting_transport::{
    Address, ConnectError, ConnectOptions, IpNet, ListenerOptions, SocksProxies, SocksProxy, connect,
    protocol::{ErrorChain, RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, plain, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// A SOCKS5 server that follows a script.
#[derive(Clone, Copy)]
enum Script {
    /// Connects every client to this address, regardless of the requested address.
    Open(std::net::SocketAddr),
    /// Like the variant above, but requires a user name and a password.
    Password(std::net::SocketAddr),
    /// Responds that the address refused the connection.
    Refuse,
    /// Accepts the connection and never responds.
    Silent,
    /// Does not speak SOCKS5.
    Http,
}

/// Starts a server. Returns its address and the requests that it receives.
async fn socks_server(script: Script) -> (Address, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().into();
    let (asked, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let asked = asked.clone();
            tokio::spawn(async move {
                let _ = follow(script, stream, asked).await;
            });
        }
    });
    (address, receiver)
}

async fn follow(
    script: Script,
    mut stream: TcpStream,
    asked: mpsc::UnboundedSender<String>,
) -> std::io::Result<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await?;
    match script {
        Script::Silent => return std::future::pending().await,
        Script::Http => return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await,
        Script::Password(_) if !methods.contains(&2) => return stream.write_all(&[5, 0xff]).await,
        Script::Password(_) => {
            stream.write_all(&[5, 2]).await?;
            stream.read_u8().await?;
            let (username, password) = (text(&mut stream).await?, text(&mut stream).await?);
            let accepted = (username.as_str(), password.as_str()) == ("user", "open sesame");
            stream.write_all(&[1, u8::from(!accepted)]).await?;
            if !accepted {
                return Ok(());
            }
        }
        Script::Open(_) | Script::Refuse => stream.write_all(&[5, 0]).await?,
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await?;
    let host = match request[3] {
        1 => std::net::Ipv4Addr::from(stream.read_u32().await?).to_string(),
        4 => format!("[{}]", std::net::Ipv6Addr::from(stream.read_u128().await?)),
        _ => format!("name {}", text(&mut stream).await?),
    };
    let _ = asked.send(format!("{host}:{}", stream.read_u16().await?));
    let (Script::Open(to) | Script::Password(to)) = script else {
        return stream.write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]).await;
    };
    let mut target = TcpStream::connect(to).await?;
    stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).await?;
    copy_bidirectional(&mut stream, &mut target).await.map(drop)
}

async fn text(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = vec![0; usize::from(stream.read_u8().await?)];
    stream.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn through(proxies: SocksProxies) -> ConnectOptions {
    ConnectOptions::new().socks_proxies(proxies)
}

async fn echo() -> support::Served {
    serve("127.0.0.1:0", ListenerOptions::default(), plain(), |_| Box::new(Echo)).await
}

/// Makes a call to `target` through proxies that connect to an echo server.
async fn call(target: &Address, proxies: SocksProxies) -> Result<Address, ConnectError> {
    let connection = plain().connect(target, &through(proxies), Duration::from_secs(5)).await?;
    assert_eq!(&connection.peer, target);
    let socket_peer = connection.socket_peer().clone();
    let (sink, mut commands) = Deliver::new();
    let opened = plain().open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    channel.send(RemotingCommand::request(RequestCode(5))).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().code(), 5);
    Ok(socket_peer)
}

#[tokio::test]
async fn a_call_passes_and_the_proxy_resolves_the_name() {
    let server = echo().await;
    let (proxy, mut asked) = socks_server(Script::Open(server.address.as_socket().unwrap())).await;
    let proxies = SocksProxies::all(SocksProxy::new(proxy.clone()));
    for (target, request) in [
        ("broker-a.nowhere.invalid:10911", "name broker-a.nowhere.invalid:10911"),
        ("192.0.2.1:9876", "192.0.2.1:9876"),
        ("[2001:db8::1]:9876", "[2001:db8::1]:9876"),
    ] {
        assert_eq!(call(&target.parse().unwrap(), proxies.clone()).await.unwrap(), proxy);
        assert_eq!(asked.recv().await.unwrap(), request);
    }
}

#[tokio::test]
async fn a_user_name_and_a_password_open_the_way() {
    let server = echo().await;
    let (proxy, _) = socks_server(Script::Password(server.address.as_socket().unwrap())).await;
    let table = |password: &str| {
        let json = format!(
            r#"{{"0.0.0.0/0": {{"addr": "{proxy}", "username": "user", "password": "{password}"}}}}"#
        );
        SocksProxies::from_json(&json).unwrap()
    };
    let target = "192.0.2.1:9876".parse().unwrap();
    call(&target, table("open sesame")).await.unwrap();
    for proxies in [table("wrong word"), SocksProxies::all(SocksProxy::new(proxy.clone()))] {
        let error = call(&target, proxies).await.unwrap_err();
        let error = ErrorChain(&error).to_string();
        assert!(error.contains("192.0.2.1:9876") && error.contains(&proxy.to_string()), "{error}");
        assert!(error.contains("rejected the credentials"), "{error}");
        assert!(!error.contains("wrong word"), "{error}");
    }
}

#[tokio::test]
async fn an_address_without_a_route_is_dialled_directly() {
    let server = echo().await;
    let network: IpNet = "10.0.0.0/8".parse().unwrap();
    let nobody: Address = "127.0.0.1:1".parse().unwrap();
    let proxies = SocksProxies::new().route(network, SocksProxy::new(nobody));
    assert_eq!(call(&server.address, proxies).await.unwrap(), server.address);
}

#[tokio::test]
async fn an_error_names_the_target_the_proxy_and_what_is_wrong() {
    let target: Address = "192.0.2.1:9876".parse().unwrap();
    let (refusing, _) = socks_server(Script::Refuse).await;
    let (http, _) = socks_server(Script::Http).await;
    let gone: Address = "memory:no-such-proxy".parse().unwrap();
    for (proxy, why) in [
        (refusing, "Connection refused"),
        (http, "does not speak SOCKS5"),
        (gone, "memory:no-such-proxy failed"),
    ] {
        let error = call(&target, SocksProxies::all(SocksProxy::new(proxy.clone()))).await.unwrap_err();
        let error = ErrorChain(&error).to_string();
        let naming = format!("connect to 192.0.2.1:9876 through the SOCKS5 proxy {proxy} failed: ");
        assert!(error.starts_with(&naming) && error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_host_name_that_socks_cannot_carry_is_refused_before_anything_is_dialled() {
    let long = Address::Host { host: "a".repeat(256).into(), port: 1 };
    let proxies = SocksProxies::all(SocksProxy::new(Address::memory("never-dialled")));
    let error = connect(&long, &through(proxies), Duration::from_secs(5)).await.unwrap_err();
    let error = ErrorChain(&error).to_string();
    assert!(error.contains("SOCKS5 can carry"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_says_nothing_ends_with_the_connect_time_out() {
    let (proxy, _) = socks_server(Script::Silent).await;
    tokio::time::pause();
    let target: Address = "192.0.2.1:9876".parse().unwrap();
    let options = through(SocksProxies::all(SocksProxy::new(proxy.clone())));
    let error = connect(&target, &options, Duration::from_secs(3)).await.unwrap_err();
    let error = ErrorChain(&error).to_string();
    assert!(error.contains(&proxy.to_string()) && error.contains("no connection after 3s"), "{error}");
}
