//! The client side of SOCKS5, on whatever stream leads to the proxy.

use tokio_socks::{Error, TargetAddr, tcp::Socks5Stream};

use super::{LONGEST_CREDENTIAL, SocksError, SocksProxy};
use crate::{
    address::Address, connector::dial_directly, error::ConnectAttempts, options::ConnectOptions,
    prologue::Connection, stream::Stream,
};

/// A connection to `target` through `proxy`. A host name is resolved by the proxy. The connection's peer is the
/// target, its socket's peer the proxy. `attempts` is what has become of the addresses of the proxy's name, until one
/// of them is connected.
pub(crate) async fn dial(
    proxy: &SocksProxy,
    target: &Address,
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, SocksError> {
    let to = match target {
        Address::Socket(socket) => TargetAddr::Ip(*socket),
        Address::Host { host, .. } if host.len() > LONGEST_CREDENTIAL => {
            return Err(SocksError::HostTooLong { length: host.len() });
        }
        Address::Host { host, port } => TargetAddr::Domain((&**host).into(), *port),
        other => return Err(SocksError::Refused(format!("{other} is no address of a network").into())),
    };
    let mut connection = dial_directly(&proxy.address, options, attempts)
        .await
        .map_err(|error| SocksError::Unreachable(Box::new(error)))?;
    greet(proxy, to, &mut connection.stream).await.map_err(describe)?;
    connection.peer = target.clone();
    Ok(connection)
}

/// Asks the proxy at the other end of the stream for a connection.
pub(super) async fn greet(proxy: &SocksProxy, to: TargetAddr<'_>, stream: &mut Stream) -> Result<(), Error> {
    match &proxy.credentials {
        None => Socks5Stream::connect_with_socket(stream, to).await?,
        Some((username, password)) => {
            Socks5Stream::connect_with_password_and_socket(stream, to, username, password.expose()).await?
        }
    };
    Ok(())
}

fn describe(error: Error) -> SocksError {
    let text = error.to_string().into();
    match error {
        Error::Io(source) => SocksError::Io(source),
        Error::NoAcceptableAuthMethods
        | Error::AuthorizationRequired
        | Error::InvalidAuthValues(_)
        | Error::PasswordAuthFailure(_) => SocksError::Credentials(text),
        Error::InvalidResponseVersion
        | Error::UnknownAuthMethod
        | Error::InvalidReservedByte
        | Error::UnknownAddressType
        | Error::InvalidTargetAddress(_) => SocksError::Protocol(text),
        _ => SocksError::Refused(text),
    }
}
