//! From the command line and the configuration file to a name server.

use std::path::PathBuf;

use anyhow::Context as _;
use remoting::ProxyProtocol;
use remoting_namesrv::{JavaConfig, NameServer, NameServerBuilder};

use crate::arguments::Arguments;
use crate::credentials;

/// Returns the builder of a name server, and the configuration as text.
pub(crate) fn prepare(arguments: Arguments) -> anyhow::Result<(NameServerBuilder, String)> {
    let mut config = read_config(&arguments)?;
    for key in config.unknown_keys() {
        tracing::warn!(key, "the configuration file has an unknown key, which is ignored");
    }
    set_paths(&mut config, &arguments);

    let addresses = match arguments.listen.is_empty() {
        true => vec![config.address()?],
        false => arguments.listen.clone(),
    };
    let text = config.to_string();
    let mut builder = addresses.into_iter().fold(NameServer::builder(), NameServerBuilder::bind);
    builder = builder.java_config(config);
    if !arguments.proxy_protocol.is_empty() {
        builder = builder.proxy_protocol(ProxyProtocol::optional(arguments.proxy_protocol.iter().copied()));
    }
    if let Some(path) = &arguments.acl {
        builder = builder.request_pipeline(credentials::verifier(path)?);
    }
    #[cfg(feature = "tls")]
    if let Some(tls) = crate::tls::server_tls(&arguments)? {
        builder = builder.tls(tls);
    }
    Ok((builder, text))
}

fn read_config(arguments: &Arguments) -> anyhow::Result<JavaConfig> {
    let Some(path) = &arguments.config else { return Ok(JavaConfig::read(b"")?) };
    let file = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    JavaConfig::read(&file).with_context(|| format!("cannot read {}", path.display()))
}

/// Sets the paths as Java's program does, unless the configuration file or the command line has others.
fn set_paths(config: &mut JavaConfig, arguments: &Arguments) {
    let settings = &mut config.name_server;
    let home = |file| std::env::home_dir().map(|home| home.join("namesrv").join(file));
    let get = |key| settings.get(key).map(PathBuf::from);
    let kv_config =
        arguments.kv_config.clone().or_else(|| get("kvConfigPath")).or_else(|| home("kvConfig.json"));
    let store =
        arguments.config.clone().or_else(|| get("configStorePath")).or_else(|| home("namesrv.properties"));
    *settings = std::mem::take(settings).kv_config_path(kv_config).config_store_path(store);
}
