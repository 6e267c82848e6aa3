//! The id that a client gives to a message.

mod month;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::SystemTime;

use super::BadMessageId;
use super::message_id::read_ip;

/// The id that a client gives to a message: the property
/// [`UNIQ_KEY`](super::property::UNIQ_CLIENT_MESSAGE_ID_KEYIDX).
///
/// The text form is hexadecimal, with 32 digits for a client with an IPv4 address and 56 with an IPv6 address. Clients
/// in other languages than Java may write other ids, so a text that cannot be read is nevertheless an id.
///
/// ```
/// use std::net::Ipv4Addr;
/// use remoting_model::message::UniqueId;
///
/// let id: UniqueId = "C0A8002F1A2B18B4AAC20A5B6C7D0003".parse()?;
/// assert_eq!(id.ip, Ipv4Addr::new(192, 168, 0, 47));
/// assert_eq!((id.pid, id.counter), (0x1A2B, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UniqueId {
    /// The address of the client.
    pub ip: IpAddr,
    /// The process of the client: the lower 16 bits of its number.
    pub pid: u16,
    /// Distinguishes clients of one process. In Java, the hash code of the class loader.
    pub instance: u32,
    /// The milliseconds since the start of the month, in the time zone of the client.
    pub elapsed: u32,
    /// Counts the messages of the client.
    pub counter: u16,
}

impl UniqueId {
    /// Returns the time at which the id was created, if it was in the month before `now`. `utc_offset` is that of the
    /// client's time zone, in seconds. Equivalent of Java's `MessageClientIDSetter.getNearlyTimeFromID`, which takes
    /// the current time and the time zone of its own process.
    #[must_use]
    pub fn nearly_time(&self, now: SystemTime, utc_offset: i32) -> SystemTime {
        let now = month::to_millis(now);
        let start = month::start(now, utc_offset);
        let time = start + i64::from(self.elapsed);
        if time < now {
            return month::from_millis(time);
        }
        let previous = month::start(start - 1, utc_offset);
        month::from_millis(previous + i64::from(self.elapsed))
    }
}

impl fmt::Display for UniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            IpAddr::V4(ip) => write!(f, "{:08X}", ip.to_bits())?,
            IpAddr::V6(ip) => write!(f, "{:032X}", ip.to_bits())?,
        }
        let Self { pid, instance, elapsed, counter, .. } = self;
        write!(f, "{pid:04X}{instance:08X}{elapsed:08X}{counter:04X}")
    }
}

impl FromStr for UniqueId {
    type Err = BadMessageId;

    fn from_str(text: &str) -> Result<Self, BadMessageId> {
        let (ip, rest) = read_ip(text)?;
        let rest = u128::from_str_radix(rest, 16).map_err(|_| BadMessageId::NotHexadecimal)?;
        // Each part is cut out of the digits.
        Ok(Self {
            ip,
            pid: (rest >> 80) as u16,
            instance: (rest >> 48) as u32,
            elapsed: (rest >> 16) as u32,
            counter: rest as u16,
        })
    }
}

/// Creates ids. Equivalent of Java's `MessageClientIDSetter`.
///
/// ```
/// use std::net::Ipv4Addr;
/// use std::time::SystemTime;
/// use remoting_model::message::{Message, UniqueIdGenerator};
///
/// let ids = UniqueIdGenerator::new(Ipv4Addr::new(192, 168, 0, 47).into(), std::process::id(), 1);
///
/// let mut message = Message::new("orders", "one pizza");
/// message.properties.set_uniq_key(ids.generate(SystemTime::now()));
/// ```
#[derive(Debug)]
pub struct UniqueIdGenerator {
    ip: IpAddr,
    pid: u16,
    instance: u32,
    utc_offset: i32,
    counter: AtomicU16,
}

impl UniqueIdGenerator {
    /// Creates a generator of a client.
    ///
    /// Two generators with the same arguments create equal ids. Use another `instance`, such as a random number, for
    /// each generator of a process. 16 bits of `pid` are used.
    #[must_use]
    pub const fn new(ip: IpAddr, pid: u32, instance: u32) -> Self {
        Self { ip, pid: pid as u16, instance, utc_offset: 0, counter: AtomicU16::new(0) }
    }

    /// Sets the offset of the client's time zone from UTC in seconds. 0 by default. Tools that read the time of an id
    /// assume their own time zone; those of RocketMQ allow for 13 hours.
    #[must_use]
    pub const fn with_utc_offset(mut self, seconds: i32) -> Self {
        self.utc_offset = seconds;
        self
    }

    /// Creates an id. At most 65536 ids of one generator have the same time, so that ids differ.
    #[must_use]
    pub fn generate(&self, now: SystemTime) -> UniqueId {
        let now = month::to_millis(now);
        let elapsed = now - month::start(now, self.utc_offset);
        UniqueId {
            ip: self.ip,
            pid: self.pid,
            instance: self.instance,
            elapsed: u32::try_from(elapsed).unwrap_or(u32::MAX),
            counter: self.counter.fetch_add(1, Ordering::Relaxed),
        }
    }
}
