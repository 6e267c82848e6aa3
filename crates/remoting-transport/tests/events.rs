//! Connection events: their order, and the effect of a slow listener.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{sync::atomic::Ordering, time::Duration};

use remoting_transport::{
    Channel, ChannelEventKind, ChannelPipeline, CloseInitiator, CloseReason, ConnectionEventsHandler,
    EmbeddedChannel, EventReceiver, EventSender, IdleStateHandler, ListenerOptions, channel_events,
    protocol::{RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, dial, plain, serve};

fn embedded(events: &EventSender) -> EmbeddedChannel {
    let events = events.clone();
    EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("idle", IdleStateHandler::new(Duration::from_secs(1)))?;
        pipeline.add_last("events", ConnectionEventsHandler::accepted(events.clone()))?;
        Ok(())
    })
    .unwrap()
}

fn kinds(events: &mut EventReceiver) -> Vec<&'static str> {
    std::iter::from_fn(|| events.try_recv()).map(|event| event.kind.name()).collect()
}

#[test]
fn an_idle_channel_is_reported_idle_and_then_closed() {
    let (sender, mut events) = channel_events(10);
    embedded(&sender).advance(Duration::from_secs(2));
    assert_eq!(kinds(&mut events), ["CONNECT", "IDLE", "CLOSE"]);
}

#[test]
fn a_protocol_violation_is_reported_as_an_exception_and_then_closed() {
    let (sender, mut events) = channel_events(10);
    embedded(&sender).write_inbound_bytes(&[0xff; 8]);
    assert_eq!(kinds(&mut events), ["CONNECT", "EXCEPTION", "CLOSE"]);
}

#[test]
fn a_close_is_never_lost_and_dropped_events_are_counted() {
    let (sender, mut events) = channel_events(3);
    let mut channels: Vec<_> = (0..3).map(|_| embedded(&sender)).collect();
    for channel in &mut channels {
        channel.advance(Duration::from_secs(2));
    }
    assert_eq!(sender.overflowed(), 3, "the three IDLE events");
    assert_eq!(kinds(&mut events), ["CONNECT", "CONNECT", "CONNECT", "CLOSE", "CLOSE", "CLOSE"]);
}

#[test]
fn a_channel_whose_connect_event_does_not_fit_is_closed() {
    let (sender, mut events) = channel_events(1);
    let first = embedded(&sender);
    let second = embedded(&sender);
    assert!(first.close_reason().is_none());
    assert!(second.close_reason().unwrap().why().contains("event listener"));
    assert_eq!(kinds(&mut events), ["CONNECT"]);
    assert!(embedded(&sender).close_reason().is_none());
}

#[test]
fn a_queue_without_a_receiver_closes_no_channel() {
    let (sender, events) = channel_events(1);
    let _before = embedded(&sender);
    drop(events);
    let channels: Vec<_> = (0..10).map(|_| embedded(&sender)).collect();
    assert!(channels.iter().all(|channel| channel.close_reason().is_none()));
    assert!(sender.is_closed());
    assert_eq!(sender.overflowed(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_ends_after_the_last_event_of_the_last_sender() {
    let (sender, mut events) = channel_events(10);
    let channel = embedded(&sender);
    drop(sender);
    drop(channel);
    let within = Duration::from_secs(60);
    let mut taken = Vec::new();
    while let Some(event) = tokio::time::timeout(within, events.recv()).await.expect("it ends") {
        taken.push(event.kind);
    }
    assert_eq!(taken.first(), Some(&ChannelEventKind::Connect));
    assert!(events.recv().await.is_none(), "it stays ended");

    let (sender, mut events) = channel_events(10);
    let waiting = tokio::spawn(async move { events.recv().await.is_none() });
    tokio::task::yield_now().await;
    drop(sender);
    assert!(tokio::time::timeout(within, waiting).await.expect("it wakes").unwrap());
}

#[tokio::test]
async fn an_accepted_channel_connects_and_closes_and_a_dialled_channel_is_active_in_between() {
    let (accepted, mut at_server) = channel_events(10);
    let (dialled, mut at_client) = channel_events(10);
    let server_side = plain().initializer(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("events", ConnectionEventsHandler::accepted(accepted.clone()))?;
        Ok(())
    });
    let client_side = plain().initializer(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("events", ConnectionEventsHandler::dialled(dialled.clone()))?;
        Ok(())
    });
    let server = serve("memory:events", ListenerOptions::default(), server_side, |_| Box::new(Echo)).await;
    let (sink, mut commands) = Deliver::new();
    let (active, inactive) = (sink.active.clone(), sink.inactive.clone());
    let (channel, driver) = dial(&server.address, &client_side, sink).await;
    let driving = tokio::spawn(driver);
    channel.send(RemotingCommand::request(RequestCode(1))).await.unwrap();
    commands.recv().await.unwrap();
    channel.close(CloseReason::local("done"));
    driving.await.unwrap();

    assert_eq!(at_server.recv().await.unwrap().kind, ChannelEventKind::Connect);
    let ChannelEventKind::Close(reason) = at_server.recv().await.unwrap().kind else {
        panic!("expected CLOSE")
    };
    assert_eq!(reason.by(), CloseInitiator::Peer);
    assert_eq!(kinds(&mut at_client), ["CONNECT", "ACTIVE", "CLOSE"]);
    assert_eq!((active.load(Ordering::SeqCst), inactive.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_dropped_driver_closes_its_channel_once() {
    let (events, mut at_client) = channel_events(10);
    let client_side = plain().initializer(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("events", ConnectionEventsHandler::dialled(events.clone()))?;
        Ok(())
    });
    let server = serve("memory:dropped", ListenerOptions::default(), plain(), |_| Box::new(Echo)).await;
    let (sink, mut commands) = Deliver::new();
    let inactive = sink.inactive.clone();
    let (channel, driver) = dial(&server.address, &client_side, sink).await;
    let driving = tokio::spawn(driver);
    channel.send(RemotingCommand::request(RequestCode(1))).await.unwrap();
    commands.recv().await.unwrap();
    driving.abort();
    assert!(driving.await.unwrap_err().is_cancelled());
    assert_eq!(channel.closed().await.by(), CloseInitiator::Local);
    assert!(channel.send(RemotingCommand::request(RequestCode(2))).await.is_err());
    assert_eq!(kinds(&mut at_client), ["CONNECT", "ACTIVE", "CLOSE"]);
    assert_eq!(inactive.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_channel_that_never_became_active_does_not_become_inactive() {
    let (events, mut at_client) = channel_events(10);
    let client_side = plain().initializer(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("events", ConnectionEventsHandler::dialled(events.clone()))?;
        Ok(())
    });
    let server = serve("memory:unpolled", ListenerOptions::default(), plain(), |_| Box::new(Echo)).await;
    let (sink, _commands) = Deliver::new();
    let (active, inactive) = (sink.active.clone(), sink.inactive.clone());
    let (channel, driver) = dial(&server.address, &client_side, sink).await;
    drop(driver);
    assert_eq!(channel.closed().await.by(), CloseInitiator::Local);
    assert_eq!((active.load(Ordering::SeqCst), inactive.load(Ordering::SeqCst)), (0, 0));
    assert_eq!(kinds(&mut at_client), [""; 0]);
}
