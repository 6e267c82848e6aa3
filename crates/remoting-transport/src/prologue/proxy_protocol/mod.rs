//! The PROXY protocol: a header with the client's address, which a proxy sends ahead of the connection's own bytes.
//!
//! The prologue step [`ProxyProtocol`] accepts headers, for a server behind HAProxy, an AWS network load balancer or
//! a similar proxy. [`SendProxyHeader`] sends a header, for a proxy built on this crate. Versions 1 and 2 are read,
//! and version 2 is written.

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

/// The first bytes of every version 2 header.
const SIGNATURE_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// The length of the fixed part of a version 2 header, in bytes. Its last two bytes hold the length of the rest.
const FIXED: usize = SIGNATURE_V2.len() + 4;

/// A prologue step that accepts PROXY protocol headers, versions 1 and 2, from trusted networks.
///
/// | connection from | first bytes | header optional | header required |
/// |---|---|---|---|
/// | a trusted network | a header | the peer address is replaced | the peer address is replaced |
/// | a trusted network | anything else | accepted unchanged | refused |
/// | elsewhere | a header | refused, because any client can forge a header | refused |
/// | elsewhere | anything else | accepted unchanged | refused before a byte is read |
///
/// Without this step, a header is an invalid frame and closes the channel with an error. Java looks for a header on
/// every connection and accepts it from any peer.
///
/// If the header contains the client's address, [`Channel::peer_addr`](crate::Channel::peer_addr) returns that
/// address, as do all events and logs. [`Channel::socket_peer_addr`](crate::Channel::socket_peer_addr) still returns
/// the address of the proxy. The channel has the same attributes as in Java, [`PROXY_PROTOCOL_ADDR`] and the others,
/// and [`PROXY_HEADER`].
///
/// A client without a header is not delayed: the step continues at the first byte that cannot belong to a header. If
/// the header is optional, a connection that sends nothing is accepted unchanged after
/// [`quiet_time`](Self::quiet_time).
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
    /// Creates a step that accepts, but does not require, a header from these networks. IPv4 networks may be written
    /// as IPv4-mapped IPv6 networks, such as `::ffff:10.0.0.0/104`.
    pub fn optional(trusted: impl IntoIterator<Item = IpNet>) -> Self {
        Self::new(false, trusted)
    }

    /// Creates a step that refuses every connection that does not come from one of these networks or does not begin
    /// with a header.
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

    /// Sets whether Unix-domain and in-memory connections, which have no IP address, are trusted. Default: false.
    #[must_use]
    pub fn trust_local(mut self, trust: bool) -> Self {
        self.trust_local = trust;
        self
    }

    /// Sets how long to wait for the first byte. A proxy sends its header at once, but a RocketMQ client may connect
    /// long before its first request. After this time an optional header counts as absent, and the connection is
    /// refused if a header is required. Default: 3 s.
    #[must_use]
    pub fn quiet_time(mut self, time: Duration) -> Self {
        self.quiet_time = time;
        self
    }

    /// Sets how long the header may take from its first byte to its last. Default: 3 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the maximum length of a version 2 header, in bytes. Default: 4096, which leaves space for a client's
    /// certificate in a TLV. The protocol allows 65551. Values below 232, the longest header without TLVs, are raised
    /// to 232.
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
            FirstByte::Arrived => {}
            FirstByte::Ended if self.required => return Err(PrologueError::Closed { step: self.name() }),
            FirstByte::Quiet if self.required => return Err(PrologueError::Silent { step: self.name() }),
            FirstByte::Ended | FirstByte::Quiet => return Ok(Verdict::Continue(connection)),
        }
        let header = tokio::time::timeout(self.deadline, self.header(&mut connection.stream, trusted))
            .await
            .map_err(|_elapsed| PrologueError::Timeout {
                step: self.name(),
                after: self.deadline,
                setter: self.deadline_setter(),
            })??;
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

    /// Consumes and returns the header. Returns `None` if the stream does not begin with a header.
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

    fn deadline_setter(&self) -> Option<&'static str> {
        Some("ProxyProtocol::deadline")
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(self.receive(connection))
    }
}

/// Returns the CRC32c of a header. The four bytes at `value`, which hold the checksum, count as zeros.
fn checksum(header: &[u8], value: usize) -> u32 {
    let before = crc32c::crc32c(&header[..value]);
    crc32c::crc32c_append(crc32c::crc32c_append(before, &[0; 4]), &header[value + 4..])
}
