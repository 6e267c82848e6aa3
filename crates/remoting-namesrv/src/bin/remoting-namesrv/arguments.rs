//! The command line.

use std::path::PathBuf;

use clap::Parser;
use remoting::{Address, IpNet};

/// A RocketMQ name server.
///
/// It prints one line to standard output when it is ready, and logs to standard error; RUST_LOG sets the level, such as
/// RUST_LOG=debug. SIGTERM and SIGINT end it: clients that understand GO_AWAY move to another name server first.
#[derive(Debug, Parser)]
#[command(name = "remoting-namesrv", version)]
pub(crate) struct Arguments {
    /// An address to listen on, such as 0.0.0.0:9876 or unix:/run/namesrv.sock. May be repeated [default: that of the
    /// configuration file, or 0.0.0.0:9876]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Vec<Address>,

    /// Java's configuration file, with the keys of NamesrvConfig and NettyServerConfig. UPDATE_NAMESRV_CONFIG writes it
    #[arg(long, short, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The file of the KV configuration [default: kvConfigPath of the configuration file, or ~/namesrv/kvConfig.json]
    #[arg(long, value_name = "PATH")]
    pub(crate) kv_config: Option<PathBuf>,

    /// Prints the configuration and ends
    #[arg(long, short)]
    pub(crate) print_config: bool,

    /// The certificates of the server, in PEM. Turns TLS on
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The private key of the server, in PEM
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// The certificates of those who sign the certificates of clients, in PEM. Clients must then have one
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_client_ca: Option<PathBuf>,

    /// What is accepted: enforcing is TLS alone, permissive is TLS and plaintext on the same port
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "MODE", default_value = "enforcing")]
    pub(crate) tls_mode: remoting::tls::TlsMode,

    /// A network whose connections may start with a PROXY protocol header, such as that of a load balancer: 10.0.0.0/8.
    /// May be repeated
    #[arg(long, value_name = "NETWORK")]
    pub(crate) proxy_protocol: Vec<IpNet>,

    /// A properties file with the secret key of each access key. Requests must then be signed
    #[arg(long, value_name = "FILE")]
    pub(crate) acl: Option<PathBuf>,
}
