//! Checks that every trace must pass.

use std::collections::BTreeMap;
use std::time::Duration;

use remoting::prelude::*;

use crate::schedule::{Call, Deed, SERVERS, Schedule, Side, Way};
use crate::trace::{Entry, Event, Failure, Outcome};

/// A call ends at most so much after its time-out: deadlines are exact to a tick of 10 ms.
const TWO_TICKS: Duration = Duration::from_millis(20);

/// The outcome of one call.
#[derive(Debug, Default)]
struct Course {
    begun: Option<(Duration, Duration)>,
    ended: Vec<(Duration, Option<Outcome>)>,
    seen: usize,
    answered: Option<Duration>,
}

/// The first thing that is wrong.
pub(crate) fn check(schedule: &Schedule, trace: &[Entry]) -> Result<(), String> {
    nothing_left(trace)?;
    channels_end_once(trace)?;
    for (call, course) in courses(trace) {
        let hedged = is_hedged(schedule, call);
        // A server does not wait for its own calls.
        let lossless = schedule.calm && by_client(schedule, call) && !hedged;
        if let Some(wrong) = course.wrong(lossless, hedged) {
            return Err(format!("call {call} {wrong}: {course:?}"));
        }
        if has_callback_to_come(schedule, call) && matches!(&*course.ended, [(_, None)]) {
            return Err(format!("the callback of call {call} was dropped: {course:?}"));
        }
    }
    Ok(())
}

impl Course {
    /// Returns the fault of the call, if any. If `lossless`, no response may get lost; if `hedged`, each server may process it.
    fn wrong(&self, lossless: bool, hedged: bool) -> Option<&'static str> {
        if self.seen > if hedged { SERVERS } else { 1 } {
            return Some("was processed more than once");
        }
        let Some((began, timeout)) = self.begun else {
            return (self.seen > 0 || !self.ended.is_empty()).then_some("never began");
        };
        let [(ended, outcome)] = &*self.ended else { return Some("did not end exactly once") };
        let Some(outcome) = outcome else { return None };
        if *ended > began + timeout + TWO_TICKS {
            return Some("ended late");
        }
        match outcome {
            Outcome::Queued => None,
            Outcome::Response { own: false, .. } => Some("got the response to another"),
            Outcome::Response { code, .. } if *code == ResponseCode::SUCCESS.0 => {
                self.answered.is_none().then_some("got a response that nobody made")
            }
            Outcome::Response { .. } => (self.seen > 0 && !hedged).then_some("was refused and processed"),
            Outcome::Failed { may_have_been_sent: false, .. } if self.seen > 0 => {
                Some("was processed, though its error says that it was not sent")
            }
            Outcome::Failed { kind: Failure::Timeout(_), .. } => {
                (*ended < began + timeout).then_some("timed out early")
            }
            Outcome::Failed { kind: Failure::Closed, .. } => {
                (lossless && self.answered.is_some()).then_some("lost its response in an orderly shutdown")
            }
            Outcome::Failed { .. } => None,
        }
    }
}

fn by_client(schedule: &Schedule, call: u32) -> bool {
    schedule.calls.iter().any(|known| known.id == call && known.by == Side::Client)
}

/// Returns whether the call has a callback and its server is not killed.
fn has_callback_to_come(schedule: &Schedule, call: u32) -> bool {
    let is_killed = |by| {
        let kills = schedule.deeds.iter().filter(|(_, deed)| matches!(deed, Deed::Kill { .. }));
        kills.into_iter().any(|(_, deed)| by == Side::Server(deed.server()))
    };
    let of_call = |known: &&Call| known.id == call && known.way == Way::Callback;
    schedule.calls.iter().find(of_call).is_some_and(|call| !is_killed(call.by))
}

/// Returns whether more than one server may have received the request.
fn is_hedged(schedule: &Schedule, call: u32) -> bool {
    let by_list = schedule.calls.iter().any(|known| known.id == call && known.way == Way::NameServer);
    by_list && schedule.client.hedge_name_servers
}

fn nothing_left(trace: &[Entry]) -> Result<(), String> {
    match trace.iter().find(|entry| matches!(entry.event, Event::Left { .. })) {
        Some(left) => Err(left.to_string()),
        None => Ok(()),
    }
}

/// CONNECT comes first and CLOSE last, each once.
fn channels_end_once(trace: &[Entry]) -> Result<(), String> {
    let mut open: BTreeMap<usize, bool> = BTreeMap::new();
    for entry in trace {
        let Event::Channel { channel, kind, .. } = &entry.event else { continue };
        let in_order = match kind {
            ChannelEventKind::Connect => open.insert(*channel, true).is_none(),
            ChannelEventKind::Close(_) => open.insert(*channel, false) == Some(true),
            _ => open.get(channel) == Some(&true),
        };
        if !in_order {
            return Err(format!("events out of order: {entry}"));
        }
    }
    match open.iter().find(|(_, open)| **open) {
        Some((channel, _)) => Err(format!("channel {channel} has no CLOSE")),
        None => Ok(()),
    }
}

fn courses(trace: &[Entry]) -> BTreeMap<u32, Course> {
    let mut courses: BTreeMap<u32, Course> = BTreeMap::new();
    for Entry { at, event } in trace {
        match event {
            Event::Begun { call, timeout } => {
                courses.entry(*call).or_default().begun = Some((*at, *timeout));
            }
            Event::Ended { call, outcome } => {
                courses.entry(*call).or_default().ended.push((*at, Some(outcome.clone())));
            }
            Event::GivenUp { call } => courses.entry(*call).or_default().ended.push((*at, None)),
            Event::Seen { call, by: Side::Client | Side::Server(_) } => {
                courses.entry(*call).or_default().seen += 1;
            }
            Event::Answered { call, .. } => courses.entry(*call).or_default().answered = Some(*at),
            _ => {}
        }
    }
    courses
}
