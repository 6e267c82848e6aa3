//! The PROXY protocol: a proxy tells, before the first byte of the connection it carries, who is at the far end.
//!
//! A server that stands behind HAProxy, an AWS network load balancer or the like accepts it by the prologue step
//! [`ProxyProtocol`]; a proxy that is built on this crate sends it by [`SendProxyHeader`]. Both versions are read,
//! version 2 is written.

mod attributes;
mod decode;
mod encode;
mod header;
mod send;
#[cfg(test)]
mod tests;

use std::time::Duration;

use ipnet::IpNet;

use self::decode::{Seen, decode};
pub use self::{
    attributes::{
        PROXY_HEADER, PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT, PROXY_PROTOCOL_SERVER_ADDR,
        PROXY_PROTOCOL_SERVER_PORT, proxy_protocol_tlv,
    },
    header::{ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyTlv},
    send::SendProxyHeader,
};
use super::{FirstByte, PrologueError, PrologueFuture, PrologueStep, Verdict, first_byte};
use crate::{
    address::{Address, canonical_network},
    connection::Connection,
    stream::Stream,
};

/// What every version 2 header begins with.
const SIGNATURE_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// The part of a version 2 header that tells how long the rest is.
const FIXED: usize = SIGNATURE_V2.len() + 4;

/// Accepts PROXY protocol headers, versions 1 and 2, from the networks of proxies that are trusted.
///
/// | a connection from | which begins with | optional | required |
/// |---|---|---|---|
/// | a trusted network | a header | its addresses are taken | its addresses are taken |
/// | a trusted network | anything else | goes on as it is | refused |
/// | elsewhere | a header | refused: anybody can write one | refused |
/// | elsewhere | anything else | goes on as it is | refused, before a byte is read |
///
/// Without this step there is no PROXY protocol: a header is then no frame, and the channel closes saying so. Java
/// looks for a header on each connection and believes it, whoever sent it.
///
/// With the addresses taken, [`Channel::peer_addr`](crate::Channel::peer_addr), and with it all events and logs,
/// name the client; [`Channel::socket_peer_addr`](crate::Channel::socket_peer_addr) still names the proxy. The
/// attributes of the channel are those of Java, [`PROXY_PROTOCOL_ADDR`] and its neighbours, and [`PROXY_HEADER`].
///
/// A client without a header is not delayed: the first byte that differs decides. A connection on which nothing
/// comes at all goes on as one without a header after [`quiet_time`](Self::quiet_time), if headers are optional.
///
/// ```
/// use remoting_transport::{Bootstrap, ChannelOptions, ProxyProtocol};
///
/// let from_load_balancers = ProxyProtocol::required(["10.1.0.0/24".parse()?, "fd00:1::/64".parse()?]);
/// let bootstrap = Bootstrap::new(ChannelOptions::default()).prologue_step(from_load_balancers);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ProxyProtocol {
    required: bool,
    trusted: Vec<IpNet>,
    trust_local: bool,
    quiet_time: Duration,
    deadline: Duration,
    max_header: usize,
}

impl ProxyProtocol {
    /// A connection may begin with a header if it comes from one of these networks. IPv4 networks may be given in their
    /// IPv6 form, as `::ffff:10.0.0.0/104`.
    pub fn optional(trusted: impl IntoIterator<Item = IpNet>) -> Self {
        Self::new(false, trusted)
    }

    /// Every connection must come from one of these networks and begin with a header.
    pub fn required(trusted: impl IntoIterator<Item = IpNet>) -> Self {
        Self::new(true, trusted)
    }

    fn new(required: bool, trusted: impl IntoIterator<Item = IpNet>) -> Self {
        Self {
            required,
            trusted: trusted.into_iter().map(canonical_network).collect(),
            trust_local: false,
            quiet_time: Duration::from_secs(3),
            deadline: Duration::from_secs(3),
            max_header: 4096,
        }
    }

    /// Whether connections over Unix-domain sockets and in memory, which have no IP address, are trusted too.
    /// Default: false.
    #[must_use]
    pub fn trust_local(mut self, trust: bool) -> Self {
        self.trust_local = trust;
        self
    }

    /// How long to wait for the first byte. A proxy sends its header at once; a RocketMQ client may connect long
    /// before it says something. Default: 3 s.
    #[must_use]
    pub fn quiet_time(mut self, time: Duration) -> Self {
        self.quiet_time = time;
        self
    }

    /// How long the header may take from its first byte to its last. Default: 3 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The longest version 2 header that is read, in bytes. Default: 4 096, which is enough for a client's
    /// certificate among the TLVs; the protocol could describe 65 551. At least 232, what a header without TLVs
    /// may need.
    #[must_use]
    pub fn max_header(mut self, bytes: usize) -> Self {
        self.max_header = bytes.max(FIXED + 216);
        self
    }

    fn trusts(&self, peer: &Address) -> bool {
        match peer {
            Address::Socket(socket) => {
                let ip = socket.ip();
                self.trusted.iter().any(|network| network.contains(&ip))
            }
            _ => self.trust_local,
        }
    }

    async fn receive(&self, mut connection: Connection) -> Result<Verdict, PrologueError> {
        let trusted = self.trusts(connection.socket_peer());
        if self.required && !trusted {
            return Err(PrologueError::refused(
                self.name(),
                "a PROXY header is required, and this peer is not trusted to send one",
            ));
        }
        match first_byte(self, &mut connection.stream, self.quiet_time).await? {
            FirstByte::Came => {}
            FirstByte::Ended if self.required => return Err(PrologueError::Closed { step: self.name() }),
            FirstByte::Quiet if self.required => return Err(PrologueError::Silent { step: self.name() }),
            FirstByte::Ended | FirstByte::Quiet => return Ok(Verdict::Continue(connection)),
        }
        let header = tokio::time::timeout(self.deadline, self.header(&mut connection.stream, trusted))
            .await
            .map_err(|_elapsed| PrologueError::Timeout { step: self.name(), after: self.deadline })??;
        let Some(header) = header else {
            if self.required {
                return Err(PrologueError::refused(
                    self.name(),
                    "a PROXY header is required, and the connection begins without one",
                ));
            }
            return Ok(Verdict::Continue(connection));
        };
        if let Some(source) = header.source() {
            tracing::debug!(proxy = %connection.socket_peer(), client = %source, "PROXY header");
            connection.peer = source;
        }
        attributes::set(&connection.attributes, header);
        Ok(Verdict::Continue(connection))
    }

    /// Takes the header off the stream, if there is one.
    async fn header(&self, stream: &mut Stream, trusted: bool) -> Result<Option<ProxyHeader>, PrologueError> {
        let mut wanted = 1;
        loop {
            let came = stream.peek(wanted).await.map_err(|error| PrologueError::io(self.name(), error))?;
            let ended = came.len() < wanted;
            let seen = decode(came, self.max_header);
            if !trusted && !matches!(seen, Ok(Seen::Other | Seen::Incomplete { certain: false, .. })) {
                return Err(PrologueError::refused(
                    self.name(),
                    "it sent a PROXY header, which this peer is not trusted to do",
                ));
            }
            match seen.map_err(|error| PrologueError::refused(self.name(), error.to_string()))? {
                Seen::Other => return Ok(None),
                Seen::Header { header, length } => {
                    stream.consume(length);
                    return Ok(Some(header));
                }
                Seen::Incomplete { certain: true, .. } if ended => {
                    return Err(PrologueError::refused(
                        self.name(),
                        "the connection ended within the PROXY header",
                    ));
                }
                Seen::Incomplete { .. } if ended => return Ok(None),
                Seen::Incomplete { wanted: more, .. } => wanted = more,
            }
        }
    }
}

impl PrologueStep for ProxyProtocol {
    fn name(&self) -> &'static str {
        "PROXY protocol"
    }

    fn deadline(&self) -> Duration {
        self.quiet_time.saturating_add(self.deadline)
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(self.receive(connection))
    }
}

/// The CRC32c of a header whose checksum is the four bytes from `value` on, which count as zeros.
fn checksum(header: &[u8], value: usize) -> u32 {
    let before = crc32c::crc32c(&header[..value]);
    crc32c::crc32c_append(crc32c::crc32c_append(before, &[0; 4]), &header[value + 4..])
}
