//! The in-memory transport: listeners by name within this process, connections that are pipes of a bounded size.

mod stream;

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use tokio::sync::mpsc::{self, error::TrySendError};

pub(crate) use self::stream::MemoryStream;
use crate::address::Address;

/// How many bytes a connection holds in each direction before its writer waits.
const PIPE: usize = 64 << 10;

type Accepts = mpsc::Sender<(MemoryStream, Address)>;

/// Names are this process's ports.
static LISTENERS: LazyLock<Mutex<HashMap<Arc<str>, Accepts>>> = LazyLock::new(Mutex::default);

/// Owns a name; dropping it frees the name.
#[derive(Debug)]
pub(crate) struct MemoryListener {
    name: Arc<str>,
    incoming: mpsc::Receiver<(MemoryStream, Address)>,
}

impl MemoryListener {
    pub(crate) fn bind(name: Arc<str>, backlog: usize) -> io::Result<Self> {
        let (accepts, incoming) = mpsc::channel(backlog.max(1));
        let mut listeners = LISTENERS.lock();
        if listeners.contains_key(&name) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        listeners.insert(Arc::clone(&name), accepts);
        Ok(Self { name, incoming })
    }

    pub(crate) async fn accept(&mut self) -> io::Result<(MemoryStream, Address)> {
        // The table holds a sender for as long as this listener lives.
        self.incoming.recv().await.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl Drop for MemoryListener {
    fn drop(&mut self) {
        LISTENERS.lock().remove(&self.name);
    }
}

/// Connects to a listener by name. Returns the stream and this end's name.
pub(crate) fn connect(name: &str) -> io::Result<(MemoryStream, Address)> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let accepts = LISTENERS.lock().get(name).cloned().ok_or(io::ErrorKind::ConnectionRefused)?;
    let local = Address::memory(format!("{name}#{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    let (ours, theirs) = MemoryStream::pair(PIPE);
    accepts.try_send((theirs, local.clone())).map_err(|error| match error {
        TrySendError::Full(_) => {
            io::Error::new(io::ErrorKind::ConnectionRefused, "the listener's backlog is full")
        }
        TrySendError::Closed(_) => io::ErrorKind::ConnectionRefused.into(),
    })?;
    Ok((ours, local))
}
