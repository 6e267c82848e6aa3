//! How much memory an idle connection holds at the server. A change that exceeds a bound is a change to notice.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use allocation_counter::measure;
use remoting::prelude::*;
use remoting::protocol::FrameEncoder;
use remoting::protocol::bytes::BytesMut;
use tokio::runtime::{Builder, Runtime};

const ECHO: RequestCode = RequestCode(1001);
const CONNECTIONS: usize = 256;

/// A server, and clients that hold no memory of this process, all on one thread, where the counter counts.
struct Idle {
    runtime: Runtime,
    server: RemotingServer,
    clients: Vec<TcpStream>,
}

impl Idle {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(async {
            let echo = |_, request: RemotingCommand| async move {
                Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_body(request.into_body()))
            };
            let server =
                RemotingServer::builder().bind("127.0.0.1:0").processor(ECHO, Executor::inline(), echo);
            server.start().await.unwrap()
        });
        Self { runtime, server, clients: Vec::with_capacity(2 * CONNECTIONS) }
    }

    /// Runs the server until the condition holds.
    fn run_until(&mut self, mut condition: impl FnMut(&mut Self) -> bool) {
        while !condition(self) {
            self.runtime.block_on(tokio::task::yield_now());
        }
    }

    fn connect(&mut self, connections: usize) {
        let server: SocketAddr = self.server.local_addr().to_string().parse().unwrap();
        for _ in 0..connections {
            let client = TcpStream::connect(server).unwrap();
            client.set_nonblocking(true).unwrap();
            self.clients.push(client);
        }
        let all = self.clients.len();
        self.run_until(|idle| idle.server.statistics().channels == all);
    }

    /// Sends a request on each connection, and reads the responses.
    fn use_all(&mut self) {
        let mut frame = BytesMut::new();
        let request = RemotingCommand::request(ECHO).with_body(vec![1; 128]);
        FrameEncoder::default().encode(&request, &mut frame).unwrap();
        for at in 0..self.clients.len() {
            self.clients[at].write_all(&frame).unwrap();
            self.run_until(|idle| match idle.clients[at].read(&mut [0; 1024]) {
                Ok(read) => read > 0,
                Err(error) if error.kind() == ErrorKind::WouldBlock => false,
                Err(error) => panic!("{error}"),
            });
        }
    }

    /// Lets the time pass after which quiet channels give up their buffers.
    fn rest(&self) {
        self.runtime.block_on(async {
            tokio::time::pause();
            tokio::time::sleep(Duration::from_secs(3)).await;
            tokio::time::resume();
        });
    }
}

/// Returns how many bytes a connection holds on average after `change`.
fn bytes_each(idle: &mut Idle, change: impl FnOnce(&mut Idle)) -> i64 {
    measure(|| change(idle)).bytes_current / CONNECTIONS as i64
}

#[test]
fn an_idle_connection_holds_little_memory_before_and_after_its_first_request() {
    let mut idle = Idle::new();
    // Tables that grow with the number of connections have grown before the measurement.
    idle.connect(CONNECTIONS);
    let fresh = bytes_each(&mut idle, |idle| idle.connect(CONNECTIONS));
    let used = fresh
        + bytes_each(&mut idle, |idle| {
            idle.use_all();
            idle.rest();
        }) / 2;
    assert!((1..=2_400).contains(&fresh), "{fresh} bytes");
    assert!((fresh..=2_500).contains(&used), "{used} bytes after use");
}
