//! A panic of a handler or sink closes its channel and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use remoting_transport::{
    Bootstrap, Channel, ChannelHandler, ChannelOptions, ChannelPipeline, CloseInitiator, CloseReason,
    Connection, Flow, HandlerContext, InboundSink, Interest, PipelineError, SinkContext, Stream,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};
use support::Echo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf},
    task::JoinHandle,
};

const HARMFUL: i32 = 666;

/// A handler that panics at a command while it holds its lock, and again at the close, because the lock is poisoned.
#[derive(Clone, Default)]
struct Poisoned(Arc<Mutex<()>>);

impl ChannelHandler for Poisoned {
    fn channel_read(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        let _held = self.0.lock().unwrap();
        assert_ne!(command.code(), HARMFUL, "this command is harmful");
        Flow::Continue
    }

    fn channel_inactive(&mut self, _: &mut HandlerContext<'_>, _: &CloseReason) {
        let _held = self.0.lock().unwrap();
    }
}

/// A handler and sink that records the reasons of closes.
#[derive(Clone, Default)]
struct Witness(Arc<Mutex<Vec<CloseReason>>>);

impl ChannelHandler for Witness {
    fn channel_inactive(&mut self, _: &mut HandlerContext<'_>, reason: &CloseReason) {
        self.0.lock().unwrap().push(reason.clone());
    }
}

impl InboundSink for Witness {
    fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
        assert_ne!(command.code(), HARMFUL, "this command is harmful");
    }

    fn unsent(&mut self, _: &Channel, _: RemotingCommand) {
        panic!("an unsent command is harmful too");
    }

    fn inactive(&mut self, _: &Channel, reason: &CloseReason) {
        self.0.lock().unwrap().push(reason.clone());
    }
}

struct Opened {
    channel: Channel,
    driver: JoinHandle<CloseReason>,
    peer: DuplexStream,
}

fn open(bootstrap: &Bootstrap, sink: impl InboundSink) -> Opened {
    let (ours, peer) = tokio::io::duplex(1024);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = bootstrap.open(connection).unwrap();
    let channel = opened.channel().clone();
    Opened { channel, driver: tokio::spawn(opened.drive(sink)), peer }
}

/// Creates channels with a witness on each side of a handler that panics twice.
fn poisoned(witness: &Witness) -> Bootstrap {
    let (witness, poisoned) = (witness.clone(), Poisoned::default());
    Bootstrap::new(ChannelOptions::default()).initializer(
        move |_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("below", witness.clone())?;
            pipeline.add_last("poisoned", poisoned.clone())?.add_last("above", witness.clone())?;
            Ok(())
        },
    )
}

fn harmful() -> BytesMut {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(HARMFUL)), &mut frame).unwrap();
    frame
}

async fn end(driver: JoinHandle<CloseReason>) -> CloseReason {
    tokio::time::timeout(Duration::from_secs(60), driver)
        .await
        .expect("the channel ends")
        .expect("without a panic")
}

#[tokio::test(start_paused = true)]
async fn a_panicking_handler_is_named_in_the_reason_and_all_handlers_are_notified() {
    let witness = Witness::default();
    let Opened { channel, driver, mut peer } = open(&poisoned(&witness), witness.clone());
    peer.write_all(&harmful()).await.unwrap();
    let reason = end(driver).await;
    assert_eq!(reason.by(), CloseInitiator::Local);
    assert!(reason.why().contains("\"poisoned\" panicked"), "{reason}");
    assert!(reason.why().contains("this command is harmful"), "{reason}");
    assert_eq!(channel.close_reason(), Some(reason.clone()));
    assert_eq!(
        *witness.0.lock().unwrap(),
        [reason.clone(), reason.clone(), reason],
        "two handlers and the sink"
    );
    assert_eq!(peer.read(&mut [0; 1]).await.unwrap(), 0, "the peer sees the close");
}

#[tokio::test(start_paused = true)]
async fn a_panicking_sink_closes_its_channel() {
    let witness = Witness::default();
    let Opened { driver, mut peer, .. } = open(&Bootstrap::new(ChannelOptions::default()), witness.clone());
    peer.write_all(&harmful()).await.unwrap();
    let reason = end(driver).await;
    assert!(reason.why().starts_with("the sink panicked"), "{reason}");
    assert_eq!(*witness.0.lock().unwrap(), [reason]);
}

#[tokio::test(start_paused = true)]
async fn other_channels_stay_open_after_a_panic() {
    let (witness, echo) = (Witness::default(), Bootstrap::new(ChannelOptions::default()));
    let mut other = open(&echo, Echo);
    let Opened { driver, mut peer, .. } = open(&poisoned(&witness), Echo);
    peer.write_all(&harmful()).await.unwrap();
    end(driver).await;
    other.peer.write_all(&harmful()).await.unwrap();
    let mut word = [0; 4];
    other.peer.read_exact(&mut word).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_driver_notifies_all_handlers_despite_panics() {
    let witness = Witness::default();
    let poison = Poisoned::default();
    let lock = Arc::clone(&poison.0);
    let _ = std::thread::spawn(move || {
        let _held = lock.lock().unwrap();
        panic!("poisons the lock");
    })
    .join();
    let above = witness.clone();
    let bootstrap = Bootstrap::new(ChannelOptions::default()).initializer(
        move |_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("poisoned", poison.clone())?.add_last("above", above.clone())?;
            Ok(())
        },
    );
    let Opened { channel, driver, peer: _peer } = open(&bootstrap, witness.clone());
    tokio::time::sleep(Duration::from_millis(1)).await;
    channel.try_send(RemotingCommand::request(RequestCode(1))).unwrap();
    driver.abort();
    assert!(driver.await.unwrap_err().is_cancelled());
    assert_eq!(witness.0.lock().unwrap().len(), 2, "the handler above and the sink");
}

/// A handler whose interest panics.
struct Undecided;

impl ChannelHandler for Undecided {
    fn interest(&self) -> Interest {
        panic!("no interest today")
    }
}

#[test]
fn a_channel_whose_initializer_panics_is_not_opened() {
    let initializer =
        |_: &Channel, _: &mut ChannelPipeline| -> Result<(), PipelineError> { panic!("no pipeline today") };
    let undecided = |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("undecided", Undecided)?;
        Ok(())
    };
    for (bootstrap, text) in [
        (Bootstrap::new(ChannelOptions::default()).initializer(initializer), "no pipeline today"),
        (Bootstrap::new(ChannelOptions::default()).initializer(undecided), "no interest today"),
    ] {
        let (ours, _peer) = tokio::io::duplex(64);
        let (ours_addr, theirs) = ("memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
        let error = bootstrap.open(Connection::new(ours, ours_addr, theirs)).unwrap_err();
        assert_eq!(error.to_string(), format!("the initializer of the pipeline panicked: {text}"));
    }
}

/// A stream whose shutdown panics.
struct NoShutdown(DuplexStream);

impl AsyncRead for NoShutdown {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl AsyncWrite for NoShutdown {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        panic!("no shutdown today")
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_panics_at_its_close_keeps_the_reason_of_the_close() {
    let (ours, _peer) = tokio::io::duplex(1024);
    let stream = Stream::boxed(NoShutdown(ours));
    let connection =
        Connection::new(stream, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = Bootstrap::new(ChannelOptions::default()).open(connection).unwrap();
    let channel = opened.channel().clone();
    let driver = tokio::spawn(opened.drive(Echo));
    channel.close(CloseReason::local("done"));
    assert_eq!(end(driver).await, CloseReason::local("done"));
}
