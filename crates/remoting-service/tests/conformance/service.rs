//! The service that is called.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use remoting_service::{Call, Code, Metadata, MetadataValue, Status};
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use crate::greeter::{Greeter, HelloReply, HelloRequest};

/// Does what the name of the request says.
#[derive(Debug)]
pub(crate) struct Service {
    /// Calls that wait for a permit of [`gate`](Self::gate).
    pub(crate) waiting: AtomicUsize,
    pub(crate) gate: Semaphore,
    pub(crate) noted: Notify,
    /// Methods that were dropped before they were done.
    pub(crate) dropped: Arc<AtomicUsize>,
}

impl Default for Service {
    fn default() -> Self {
        let (waiting, dropped) = (AtomicUsize::new(0), Arc::default());
        Self { waiting, gate: Semaphore::new(0), noted: Notify::new(), dropped }
    }
}

/// The message of each status.
pub(crate) const MESSAGE: &str = "50 % of ü\nand a second line";

struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Service {
    async fn wait(&self) {
        let dropped = CountDrop(Arc::clone(&self.dropped));
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        std::mem::forget(dropped);
    }

    async fn answer(&self, call: &Call, request: HelloRequest) -> Result<HelloReply, Status> {
        let message = match request.name.as_str() {
            "" => String::new(),
            "wait" => {
                self.wait().await;
                "waited".to_owned()
            }
            "deadline" => match call.deadline() {
                Some(deadline) => format!("{:?}", deadline - Instant::now()),
                None => "none".to_owned(),
            },
            "metadata" => {
                call.reply_metadata(|metadata| *metadata = call.metadata().clone());
                format!("{}", call.metadata().len())
            }
            "panic" => panic!("boom"),
            name => match name.strip_prefix("status ").and_then(|number| number.parse().ok()) {
                Some(number) => return Err(status(number, call, request)),
                None => format!("hello {name}"),
            },
        };
        Ok(HelloReply { message, data: request.data })
    }
}

impl Greeter for Service {
    fn say_hello(
        &self,
        call: &Call,
        request: HelloRequest,
    ) -> impl Future<Output = Result<HelloReply, Status>> + Send {
        assert!(request.name != "panic at once", "boom");
        self.answer(call, request)
    }

    fn note(&self, _call: &Call, request: HelloRequest) -> impl Future<Output = ()> + Send {
        assert!(request.name != "panic at once", "boom");
        async move {
            if request.name == "wait" {
                self.wait().await;
            }
            self.noted.notify_one();
        }
    }
}

/// Returns the status of a number, with the data and the metadata of the call.
fn status(number: i32, call: &Call, request: HelloRequest) -> Status {
    let code = Code::from_number(number).unwrap_or(Code::Unknown);
    Status::new(code, MESSAGE).with_details(request.data).with_metadata(call.metadata().clone())
}

/// Metadata of all kinds.
pub(crate) fn all_kinds() -> Metadata {
    let mut metadata = Metadata::new();
    for value in ["orders", "in, voices", " ~!\"#"] {
        metadata.append("tenant", value).unwrap();
    }
    metadata.insert("a_b.c-1", "x").unwrap();
    metadata.insert_bin("one-bin", vec![0, 1, 255]).unwrap();
    for value in ["a", "ab", "abc"] {
        metadata.append_bin("many-bin", value).unwrap();
    }
    metadata
}

/// The same metadata whatever the order of its keys.
pub(crate) fn sorted(metadata: &Metadata) -> Vec<String> {
    let lines = metadata.iter().map(|(key, value)| match value {
        MetadataValue::Text(text) => format!("{key}: {text:?}"),
        MetadataValue::Binary(values) => format!("{key}: {values:?}"),
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_unstable();
    lines
}
