//! The race between the addresses of a host name: RFC 8305, "Happy Eyeballs".

#[cfg(test)]
mod tests;

use std::{
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::Pin,
    task::Poll,
    time::Duration,
};

use super::ConnectAttempts;

/// The head start of an unanswered attempt over the next address. RFC 8305 recommends this value.
pub(crate) const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// The most addresses of one name that are dialled.
const MAX_ADDRESSES: usize = 32;

/// Returns the order of attempts: the resolver's order with alternating address families and without duplicates.
pub(crate) fn interleave(resolved: impl IntoIterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let mut first = Vec::new();
    let mut second = Vec::new();
    for address in resolved {
        let preferred = first.first().is_none_or(|one: &SocketAddr| one.is_ipv4() == address.is_ipv4());
        let family = if preferred { &mut first } else { &mut second };
        if family.len() < MAX_ADDRESSES && !family.contains(&address) {
            family.push(address);
        }
    }
    let mut second = second.into_iter();
    let mut order: Vec<_> = first.into_iter().flat_map(|one| [Some(one), second.next()]).flatten().collect();
    order.extend(second);
    order.truncate(MAX_ADDRESSES);
    order
}

/// Dials the addresses in order. An attempt starts [`ATTEMPT_DELAY`] after the previous attempt, or as soon as an
/// attempt fails. Returns the first connection and drops the other attempts. Returns `None` if all attempts fail.
///
/// `attempts` holds the outcome of each attempt, even if this future is dropped at a time limit.
pub(crate) async fn race<T, F: Future<Output = io::Result<T>>>(
    addresses: &[SocketAddr],
    attempts: &mut ConnectAttempts,
    dial: impl Fn(SocketAddr) -> F,
) -> Option<T> {
    let mut waiting = addresses.iter();
    let mut running = Vec::new();
    loop {
        if let Some(address) = waiting.next() {
            attempts.began(*address);
            running.push((*address, Box::pin(dial(*address))));
        }
        if running.is_empty() {
            return None;
        }
        tokio::select! {
            biased;
            (address, dialled) = first_done(&mut running) => match dialled {
                Ok(connection) => return Some(connection),
                Err(error) => attempts.failed(address, error),
            },
            () = tokio::time::sleep(ATTEMPT_DELAY), if waiting.len() > 0 => {}
        }
    }
}

/// Waits until an attempt is complete, and removes it. If several are complete, the oldest is returned.
async fn first_done<F: Future>(running: &mut Vec<(SocketAddr, Pin<Box<F>>)>) -> (SocketAddr, F::Output) {
    poll_fn(|cx| {
        for (index, (address, attempt)) in running.iter_mut().enumerate() {
            if let Poll::Ready(output) = attempt.as_mut().poll(cx) {
                let address = *address;
                running.remove(index);
                return Poll::Ready((address, output));
            }
        }
        Poll::Pending
    })
    .await
}
