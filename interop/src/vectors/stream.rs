//! Sends one stream to a server and checks the result.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use bytes::{Buf, BytesMut};
use remoting::protocol::{FrameDecoder, FrameLimits, RemotingCommand, RequestCode};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::timeout;

use super::expectation::{Code, End, Expectation, Replies, Sent};
use super::line::{Stream, Then};

/// The time limit for any reaction of the server, in addition to the pauses of the stream.
/// Generous, because only failures use it up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The opaque of requests that check whether the server still serves. No vector uses it.
const PROBE: i32 = 0x7072_6f62;

/// The data received from the server.
#[derive(Debug, Default)]
struct Seen {
    replies: Vec<RemotingCommand>,
    probe_answered: bool,
    closed: bool,
    garbage: Option<String>,
}

/// Returns the faults of the server; empty if there are none.
pub(super) async fn check(
    stream: &Stream,
    expectation: &Expectation,
    server: SocketAddr,
) -> anyhow::Result<Vec<String>> {
    let seen = play(stream, expectation, server).await?;
    let mut misses = judge(&seen, expectation);
    if let Err(error) = probe(server).await {
        misses.push(format!("afterwards a new connection gets no answer: {error:#}"));
    }
    Ok(misses)
}

/// Sends the probe on a separate connection.
async fn probe(server: SocketAddr) -> anyhow::Result<()> {
    let mut seen = Seen::default();
    let (mut read, mut write) = connect(server).await?.into_split();
    write.write_all(&probe_frame()?).await?;
    timeout(PATIENCE, receive(&mut read, &mut seen)).await.context("no answer in time")?;
    anyhow::ensure!(seen.probe_answered, "the connection was closed");
    Ok(())
}

async fn connect(server: SocketAddr) -> anyhow::Result<TcpStream> {
    let connection = timeout(PATIENCE, TcpStream::connect(server)).await.context("cannot connect in time")?;
    let connection = connection.context("cannot connect")?;
    connection.set_nodelay(true)?;
    Ok(connection)
}

fn probe_frame() -> anyhow::Result<BytesMut> {
    let request = RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC)
        .with_opaque(PROBE)
        .with_ext_field("topic", "probe")?;
    let mut frame = BytesMut::new();
    remoting::protocol::FrameEncoder::new(FrameLimits::default()).encode(&request, &mut frame)?;
    Ok(frame)
}

async fn play(stream: &Stream, expectation: &Expectation, server: SocketAddr) -> anyhow::Result<Seen> {
    let sends = stream.sends()?;
    let pauses: Duration = sends.iter().map(|(pause, _)| *pause).sum();
    let mut seen = Seen::default();
    let mut connection = connect(server).await?;
    if expectation.end == End::Gone {
        if stream.then == Then::Rst {
            socket2::SockRef::from(&connection).set_linger(Some(Duration::ZERO))?;
        }
        // Both halves are dropped together. Dropping one half alone would send a FIN first.
        let _ = send(&mut connection, &sends).await;
        return Ok(seen);
    }
    let (mut read, mut write) = connection.into_split();
    let sending = async {
        // The server may close during the write. The read below detects it.
        let sent = send(&mut write, &sends).await;
        if sent.is_ok() && matches!(expectation.end, End::Open | End::ClosedOrOpen) {
            let _ = write.write_all(&probe_frame()?).await;
        }
        if stream.then == Then::HalfClose {
            let _ = write.shutdown().await;
        }
        anyhow::Ok(())
    };
    let exchange =
        timeout(pauses + PATIENCE, async { tokio::join!(sending, receive(&mut read, &mut seen)) }).await;
    if let Ok((sent, ())) = exchange {
        sent?;
    }
    Ok(seen)
}

async fn send(write: &mut (impl AsyncWrite + Unpin), sends: &[(Duration, Vec<u8>)]) -> io::Result<()> {
    for (pause, bytes) in sends {
        if !pause.is_zero() {
            tokio::time::sleep(*pause).await;
        }
        write.write_all(bytes).await?;
    }
    Ok(())
}

/// Collects responses until that to the probe, or until the connection closes.
async fn receive(read: &mut OwnedReadHalf, seen: &mut Seen) {
    let decoder = FrameDecoder::new(FrameLimits::default());
    let mut received = BytesMut::new();
    loop {
        // A reset counts as a close, as a FIN does. Which one arrives depends on the data that the server has not read.
        if read.read_buf(&mut received).await.unwrap_or_default() == 0 {
            seen.closed = true;
            return;
        }
        loop {
            match decoder.decode(&mut received) {
                Ok(Some(reply)) if reply.opaque() == PROBE => {
                    seen.probe_answered = true;
                    return;
                }
                Ok(Some(reply)) => seen.replies.push(reply),
                Ok(None) => break,
                Err(error) => {
                    seen.garbage = Some(error.to_string());
                    return;
                }
            }
        }
    }
}

fn judge(seen: &Seen, expectation: &Expectation) -> Vec<String> {
    let mut misses = Vec::new();
    if let Some(garbage) = &seen.garbage {
        misses.push(format!("what it answers is no frame: {garbage}"));
    }
    let count = seen.replies.len();
    match expectation.replies {
        Replies::None if count > 0 => misses.push(format!("{count} answers where none should come")),
        Replies::AtLeast(expected) if count < expected => {
            misses.push(format!("{count} answers of {expected}"))
        }
        _ => {}
    }
    let first = seen.replies.first().map(|reply| reply.response_code());
    match (&expectation.code, first) {
        (Code::Is(code), Some(first)) if first.0 != *code => {
            misses.push(format!("answers {first}, should be {code}"));
        }
        (Code::Error, Some(first)) if first.is_success() => {
            misses.push(format!("answers {first}, should be an error"))
        }
        _ => {}
    }
    if seen.replies.iter().any(|reply| !reply.is_response()) {
        misses.push("an answer is not marked as one".into());
    }
    match expectation.end {
        End::Closed | End::ClosedInTime if !seen.closed => {
            misses.push("does not close the connection".into())
        }
        End::Open if seen.closed => misses.push("closes the connection".into()),
        End::Open if !seen.probe_answered => misses.push("does not answer any more, nor close".into()),
        End::ClosedOrOpen if !seen.closed && !seen.probe_answered => {
            misses.push("hangs: neither closes nor answers".into());
        }
        _ => {}
    }
    misses
}

/// Walks the length words of a stream while they are valid.
pub(super) fn survey(stream: &Stream) -> anyhow::Result<Sent> {
    let bytes: Vec<u8> = stream.sends()?.into_iter().flat_map(|(_, bytes)| bytes).collect();
    let decoder = FrameDecoder::new(FrameLimits::default());
    let mut sent = Sent::default();
    let mut rest = BytesMut::from(bytes.as_slice());
    while rest.has_remaining() {
        match decoder.decode(&mut rest) {
            Ok(Some(command)) => {
                sent.answerable += usize::from(!command.is_response() && !command.is_oneway());
            }
            Ok(None) => {
                sent.is_incomplete = true;
                break;
            }
            Err(_) => break,
        }
    }
    Ok(sent)
}
