//! Free ports for programs that do not report the port that they have chosen.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

use anyhow::bail;

/// Below the ports that systems give to outgoing connections, so that no connection takes one meanwhile.
const FIRST: u16 = 12_000;
const LAST: u16 = 31_000;

/// The port at which the next search begins.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// Returns the lowest of `count` consecutive ports that are free on all addresses. No port is returned twice.
pub(super) fn free(count: u16) -> anyhow::Result<u16> {
    // Programs that run at the same time begin at different ports.
    let span = LAST - FIRST;
    let start = u16::try_from(std::process::id() * 64 % u32::from(span)).unwrap_or(0);
    for _ in 0..span {
        let port = FIRST + (start + NEXT.fetch_add(count, Ordering::Relaxed) % span) % span;
        let listeners: Result<Vec<_>, _> =
            (port..port + count).map(|port| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))).collect();
        if listeners.is_ok() {
            return Ok(port);
        }
    }
    bail!("no {count} free ports between {FIRST} and {LAST}")
}
