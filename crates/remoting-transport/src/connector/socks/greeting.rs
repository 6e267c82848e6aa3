//! The SOCKS5 handshake.

#[cfg(test)]
mod tests;

use tokio_socks::{Error, TargetAddr, tcp::Socks5Stream};

use super::SocksError;
use crate::{address::Address, socks::SocksProxy, stream::Stream};

/// Requests a connection to `target` from the proxy at the other end of the stream.
pub(super) async fn greet(
    proxy: &SocksProxy,
    target: &Address,
    stream: &mut Stream,
) -> Result<(), SocksError> {
    let to = match target {
        Address::Socket(socket) => TargetAddr::Ip(*socket),
        Address::Host { host, port } => TargetAddr::Domain((&**host).into(), *port),
        other => return Err(SocksError::Refused(format!("{other} is not a network address").into())),
    };
    let greeted = match proxy.credentials() {
        None => Socks5Stream::connect_with_socket(stream, to).await,
        Some((username, password)) => {
            Socks5Stream::connect_with_password_and_socket(stream, to, username, password.expose()).await
        }
    };
    greeted.map(drop).map_err(describe)
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
