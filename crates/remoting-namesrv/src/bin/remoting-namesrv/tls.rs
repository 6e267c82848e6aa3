//! TLS, as the command line has it.

use remoting::tls::{ClientAuth, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots};

use crate::arguments::Arguments;

/// Returns TLS if there is a certificate. Changed files are read again.
pub(crate) fn server_tls(arguments: &Arguments) -> anyhow::Result<Option<ServerTls>> {
    let (Some(certificates), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) else { return Ok(None) };
    let mut config = ServerTlsConfig::new(TlsIdentity::files(certificates, key))
        .mode(arguments.tls_mode)
        .watch_files(true);
    if let Some(roots) = &arguments.tls_client_ca {
        config = config.client_auth(ClientAuth::Require, TrustRoots::file(roots));
    }
    Ok(Some(ServerTls::new(config)?))
}
