//! Keeps the windows of all connections full from one epoll loop.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use remoting_benches::control::{Pace, Shape, obey};

use super::{Conversation, READ_BUFFER, frame};

pub(crate) fn make_load(server: SocketAddr, shape: Shape) -> anyhow::Result<()> {
    let mut poll = Poll::new()?;
    let mut streams = Vec::new();
    let frame = frame(shape.body)?;
    for number in 0..shape.connections {
        let mut stream = std::net::TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.write_all(&frame)?;
        stream.read_exact(&mut vec![0; frame.len()])?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        poll.registry().register(&mut stream, Token(number), Interest::READABLE | Interest::WRITABLE)?;
        streams.push(stream);
    }
    obey(&shape, shape.connections, |pace| keep_windows_full(&mut poll, &mut streams, shape, pace))
}

fn keep_windows_full(
    poll: &mut Poll,
    streams: &mut [TcpStream],
    shape: Shape,
    pace: &Arc<Pace>,
) -> anyhow::Result<()> {
    let mut conversations = Vec::with_capacity(streams.len());
    for stream in &mut *streams {
        let mut conversation = Conversation::new(shape, pace.lane())?;
        conversation.begin();
        write(stream, &mut conversation)?;
        conversations.push(conversation);
    }
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; READ_BUFFER];
    let mut talking = conversations.len();
    while talking > 0 {
        poll.poll(&mut events, None)?;
        for event in &events {
            let number = event.token().0;
            if conversations[number].is_over() {
                continue;
            }
            turn(&mut streams[number], &mut conversations[number], &mut buffer)?;
            if conversations[number].is_over() {
                talking -= 1;
            }
        }
    }
    Ok(())
}

fn turn(stream: &mut TcpStream, conversation: &mut Conversation, buffer: &mut [u8]) -> anyhow::Result<()> {
    if conversation.has_output() {
        write(stream, conversation)?;
    }
    loop {
        let read = match stream.read(buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        anyhow::ensure!(read > 0, "the server closed the connection");
        conversation.received(read);
        write(stream, conversation)?;
        // A short read has emptied the socket; epoll reports later data.
        if read < buffer.len() {
            return Ok(());
        }
    }
}

fn write(stream: &mut TcpStream, conversation: &mut Conversation) -> io::Result<()> {
    while conversation.has_output() {
        match stream.write(conversation.output()) {
            Ok(written) => conversation.written(written),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
