use std::io;

use crate::{
    address::Address,
    connection::Connection,
    memory::{MemoryPipe, MemoryStream},
};

/// A handle with which a test closes, fails or stalls a connection of a [`MemoryNetwork`](crate::MemoryNetwork). The
/// two ends observe this only through their reads and writes. Clones refer to the same connection. A handle does not
/// keep the connection open.
#[derive(Debug, Clone)]
pub struct MemoryLink {
    client: Address,
    server: Address,
    to_server: MemoryPipe,
    to_client: MemoryPipe,
}

impl MemoryLink {
    /// Creates a connection that belongs to no network. Returns the client's end, the server's end and the link. Each
    /// direction buffers up to `capacity` bytes before its writer waits. A capacity of 0 is treated as 1.
    pub fn pair(client: Address, server: Address, capacity: usize) -> (Connection, Connection, Self) {
        let (to_server, to_client) = (MemoryPipe::new(capacity), MemoryPipe::new(capacity));
        let ours = MemoryStream::new(to_client.clone(), to_server.clone());
        let theirs = MemoryStream::new(to_server.clone(), to_client.clone());
        let ours = Connection::new(ours, client.clone(), server.clone());
        let theirs = Connection::new(theirs, server.clone(), client.clone());
        (ours, theirs, Self { client, server, to_server, to_client })
    }

    /// Returns the address of the client's end.
    pub fn client_addr(&self) -> &Address {
        &self.client
    }

    /// Returns the address that the client dialled.
    pub fn server_addr(&self) -> &Address {
        &self.server
    }

    /// Returns the pipe that the client writes to and the server reads from.
    pub fn to_server(&self) -> &MemoryPipe {
        &self.to_server
    }

    /// Returns the pipe that the server writes to and the client reads from.
    pub fn to_client(&self) -> &MemoryPipe {
        &self.to_client
    }

    /// Returns whether at least one direction can still carry bytes.
    pub fn is_open(&self) -> bool {
        self.to_server.is_open() || self.to_client.is_open()
    }

    /// Closes both directions. Each end reads the bytes that were written before, then the end of the stream. Further
    /// writes fail with [`BrokenPipe`](io::ErrorKind::BrokenPipe).
    pub fn close(&self) {
        self.to_server.end();
        self.to_client.end();
    }

    /// Makes all reads and writes of both ends fail with `kind` from now on, as after a reset or a network failure.
    /// Unread bytes are lost. Waiting readers and writers fail at once.
    pub fn fail(&self, kind: io::ErrorKind) {
        for pipe in [&self.to_server, &self.to_client] {
            pipe.fail_reads(kind);
            pipe.fail_writes(kind);
        }
    }

    /// Stalls both directions. No bytes arrive, not even the end of the stream, and neither end receives an error.
    /// Writers wait only when a direction is full.
    pub fn stall(&self) {
        self.to_server.stall();
        self.to_client.stall();
    }

    /// Resumes both directions after a [stall](Self::stall).
    pub fn resume(&self) {
        self.to_server.resume();
        self.to_client.resume();
    }

    /// Sets the number of bytes that each direction buffers before its writer waits. 0 is treated as 1.
    pub fn set_capacity(&self, bytes: usize) {
        self.to_server.set_capacity(bytes);
        self.to_client.set_capacity(bytes);
    }
}
