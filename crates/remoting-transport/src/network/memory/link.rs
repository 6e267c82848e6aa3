use std::io;

use crate::{
    address::Address,
    connection::Connection,
    memory::{MemoryPipe, MemoryStream},
};

/// A connection of a [`MemoryNetwork`](crate::MemoryNetwork), in the hands of a test: it ends, fails and stalls the
/// connection, and leaves both ends to find out. Clones are the same connection. Holding one does not keep it open.
#[derive(Debug, Clone)]
pub struct MemoryLink {
    client: Address,
    server: Address,
    to_server: MemoryPipe,
    to_client: MemoryPipe,
}

impl MemoryLink {
    /// Creates a connection that belongs to no network, and returns the client's end, the server's end and the link.
    /// Each direction holds `capacity` bytes before its writer waits; zero counts as one.
    pub fn pair(client: Address, server: Address, capacity: usize) -> (Connection, Connection, Self) {
        let (to_server, to_client) = (MemoryPipe::new(capacity), MemoryPipe::new(capacity));
        let ours = MemoryStream::new(to_client.clone(), to_server.clone());
        let theirs = MemoryStream::new(to_server.clone(), to_client.clone());
        let ours = Connection::new(ours, client.clone(), server.clone());
        let theirs = Connection::new(theirs, server.clone(), client.clone());
        (ours, theirs, Self { client, server, to_server, to_client })
    }

    /// Returns the address of the end that dialled.
    pub fn client_addr(&self) -> &Address {
        &self.client
    }

    /// Returns the address that was dialled.
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

    /// Returns whether bytes can still pass in one direction or the other.
    pub fn is_open(&self) -> bool {
        self.to_server.is_open() || self.to_client.is_open()
    }

    /// Ends both directions: each end reads what was written before, and then the end of the stream.
    pub fn close(&self) {
        self.to_server.end();
        self.to_client.end();
    }

    /// Makes every read and write of both ends fail with `kind` from now on, as a reset or a dead network would.
    pub fn fail(&self, kind: io::ErrorKind) {
        for pipe in [&self.to_server, &self.to_client] {
            pipe.fail_reads(kind);
            pipe.fail_writes(kind);
        }
    }

    /// Stalls both directions: nothing arrives, not even the end of the stream, and neither end notices.
    pub fn stall(&self) {
        self.to_server.stall();
        self.to_client.stall();
    }

    /// Ends a [stall](Self::stall) of both directions.
    pub fn resume(&self) {
        self.to_server.resume();
        self.to_client.resume();
    }

    /// Sets how many bytes each direction holds before its writer waits. Zero counts as one.
    pub fn set_capacity(&self, bytes: usize) {
        self.to_server.set_capacity(bytes);
        self.to_client.set_capacity(bytes);
    }
}
