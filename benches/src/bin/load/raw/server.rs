//! Sends back what it receives.

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use remoting_benches::control::listen_until_stdin_closes;

use super::READ_BUFFER;

const LISTENER: Token = Token(0);

/// A connection and the bytes that the peer has not accepted yet.
struct Echo {
    stream: TcpStream,
    unsent: Vec<u8>,
}

pub(crate) fn serve() -> anyhow::Result<()> {
    let mut listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let addr = listener.local_addr()?;
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    // The loop runs until the process ends.
    std::thread::spawn(move || echo_all(&mut poll, &listener));
    tokio::runtime::Builder::new_current_thread().build()?.block_on(listen_until_stdin_closes(addr))
}

fn echo_all(poll: &mut Poll, listener: &TcpListener) -> io::Result<()> {
    let mut events = Events::with_capacity(1024);
    let mut connections = HashMap::new();
    let mut buffer = vec![0; READ_BUFFER];
    let mut next = LISTENER.0;
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                accept_all(poll, listener, &mut connections, &mut next)?;
            } else if let Some(echo) = connections.get_mut(&event.token())
                && !echo.turn(&mut buffer).unwrap_or(false)
            {
                connections.remove(&event.token());
            }
        }
    }
}

fn accept_all(
    poll: &Poll,
    listener: &TcpListener,
    connections: &mut HashMap<Token, Echo>,
    last: &mut usize,
) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((mut stream, _)) => {
                stream.set_nodelay(true)?;
                *last += 1;
                poll.registry().register(
                    &mut stream,
                    Token(*last),
                    Interest::READABLE | Interest::WRITABLE,
                )?;
                connections.insert(Token(*last), Echo { stream, unsent: Vec::new() });
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

impl Echo {
    /// Reads and writes until both would block. Returns false if the peer has closed.
    fn turn(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        loop {
            if !self.unsent.is_empty() {
                let written = match self.stream.write(&self.unsent) {
                    Ok(written) => written,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                    Err(error) => return Err(error),
                };
                self.unsent.drain(..written);
                if !self.unsent.is_empty() {
                    return Ok(true);
                }
            }
            let read = match self.stream.read(buffer) {
                Ok(0) => return Ok(false),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            };
            let written = match self.stream.write(&buffer[..read]) {
                Ok(written) => written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                Err(error) => return Err(error),
            };
            self.unsent.extend_from_slice(&buffer[written..read]);
            // A short read has emptied the socket; epoll reports later data.
            if read < buffer.len() && self.unsent.is_empty() {
                return Ok(true);
            }
        }
    }
}
