//! Third-party programs on free loopback ports, killed when dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// The time limit for opening the port, in tenths of a second.
const STARTUP: usize = 50;

/// Advice for the case that a program does not start.
pub(super) fn missing(program: &str) -> Option<String> {
    let found = std::process::Command::new(program).arg("-v").stdin(Stdio::null()).output().is_ok();
    (!found).then(|| {
        format!("{program} is missing: install the package of that name (apt-get install {program})")
    })
}

/// A running program with an open port.
pub(super) struct Process {
    addr: SocketAddr,
    _child: Child,
    _config: Option<ConfigFile>,
}

/// Removed when dropped.
struct ConfigFile(PathBuf);

impl Process {
    /// HAProxy, which leads TCP connections to `server`. `send` are options of the `server` line.
    pub(super) async fn haproxy(server: SocketAddr, send: &str) -> anyhow::Result<Self> {
        let addr = free_port()?;
        let text = format!(
            "global\n  maxconn 100\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n\
             frontend in\n  bind {addr}\n  unique-id-format the-unique-id\n  default_backend out\n\
             backend out\n  server one {server} {send}\n"
        );
        let path =
            std::env::temp_dir().join(format!("remoting-haproxy-{}-{}.cfg", std::process::id(), addr.port()));
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        let config = ConfigFile(path);
        let mut command = Command::new("haproxy");
        command.arg("-db").arg("-f").arg(&config.0);
        Self::start(command, addr, Some(config)).await
    }

    /// A SOCKS5 server.
    pub(super) async fn microsocks(credentials: Option<(&str, &str)>) -> anyhow::Result<Self> {
        let addr = free_port()?;
        let mut command = Command::new("microsocks");
        command.args(["-i", "127.0.0.1", "-p", &addr.port().to_string()]);
        if let Some((user, password)) = credentials {
            command.args(["-u", user, "-P", password]);
        }
        Self::start(command, addr, None).await
    }

    async fn start(
        mut command: Command,
        addr: SocketAddr,
        config: Option<ConfigFile>,
    ) -> anyhow::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        for _ in 0..STARTUP {
            if TcpStream::connect(addr).await.is_ok() {
                return Ok(Self { addr, _child: child, _config: config });
            }
            if child.try_wait()?.is_some() {
                let output = child.wait_with_output().await?;
                bail!("{command:?} ended: {}", String::from_utf8_lossy(&output.stderr).trim_end());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{command:?} does not listen on {addr}");
    }

    pub(super) const fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for ConfigFile {
    fn drop(&mut self) {
        // At worst the file stays in the directory for temporary files.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns a port that was free a moment ago, because these programs do not report the port chosen for 0.
fn free_port() -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?)
}
