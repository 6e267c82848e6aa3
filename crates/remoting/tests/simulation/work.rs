//! The work of requests, and the processor of both sides that does it.

use std::time::Duration;

use remoting::prelude::*;
use tokio::time::sleep;

use crate::schedule::{Call, Side, Work};
use crate::trace::{Event, Outcome, Trace};

/// The number of the call that a processor on this side makes for that one.
fn called_back(call: u32, by: Side) -> u32 {
    match by {
        Side::Client => call + 1_000,
        Side::Server(server) => call + 1_000 * (2 + u32::try_from(server).unwrap_or(0)),
    }
}

const CALL_BACK_TIMEOUT: Duration = Duration::from_millis(300);

impl Work {
    pub(crate) const fn code(self) -> RequestCode {
        match self {
            Self::Inline => RequestCode(20_001),
            Self::Runtime => RequestCode(20_002),
            Self::CallsBack => RequestCode(20_003),
            Self::Later => RequestCode(20_004),
        }
    }
}

/// The body of a request.
pub(crate) struct Job {
    pub(crate) call: u32,
    takes: Duration,
    response_size: usize,
}

impl Job {
    pub(crate) fn of_call(call: &Call) -> Self {
        Self { call: call.id, takes: call.takes, response_size: call.response_size }
    }

    pub(crate) fn request_of(call: &Call) -> RemotingCommand {
        let version = if call.old { MqVersion::V4_9_0 } else { MqVersion::CURRENT };
        let encoding = if call.binary_header { SerializeType::RocketMq } else { SerializeType::Json };
        let request = Self::of_call(call).request(call.work, call.request_size);
        request.with_version(version).with_serialize_type(encoding)
    }

    fn request(&self, work: Work, size: usize) -> RemotingCommand {
        let mut body = Vec::with_capacity(12 + size);
        let takes = u32::try_from(self.takes.as_millis()).unwrap_or(u32::MAX);
        let response_size = u32::try_from(self.response_size).unwrap_or(u32::MAX);
        for number in [self.call, takes, response_size] {
            body.extend(number.to_be_bytes());
        }
        body.extend(filler(self.call, size));
        RemotingCommand::request(work.code()).with_body(body)
    }

    fn of(request: &RemotingCommand) -> Option<Self> {
        let number = |at: usize| {
            let bytes = request.body().get(at..at + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        Some(Self {
            call: number(0)?,
            takes: Duration::from_millis(number(4)?.into()),
            response_size: usize::try_from(number(8)?).ok()?,
        })
    }

    /// How a call of this job ended.
    pub(crate) fn outcome(&self, result: Result<RemotingCommand, RpcError>) -> Outcome {
        match result {
            Ok(response) => {
                let own =
                    response.code() != ResponseCode::SUCCESS.0 || response.body() == self.response_body();
                Outcome::Response { code: response.code(), own }
            }
            Err(error) => Outcome::failed(&error),
        }
    }

    fn response_body(&self) -> Vec<u8> {
        filler(!self.call, self.response_size)
    }
}

/// Bytes by which a body of one call differs from that of another.
fn filler(call: u32, size: usize) -> Vec<u8> {
    let block: Vec<u8> =
        call.to_le_bytes().into_iter().cycle().zip(0..=250).map(|(byte, at)| byte ^ at).collect();
    let mut bytes = block.repeat(size.div_ceil(block.len()));
    bytes.truncate(size);
    bytes
}

/// Processes the requests of both sides.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) side: Side,
    pub(crate) trace: Trace,
    pub(crate) work: Work,
}

impl RequestProcessor for Worker {
    async fn process(&self, ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        let job = Job::of(&request).ok_or_else(|| ProcessorError::new("not a request of the simulation"))?;
        let (call, by) = (job.call, self.side);
        self.trace.record(Event::Seen { call, by });
        let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        let response = response.with_body(job.response_body());
        let this = self.clone();
        let answer = async move {
            if !job.takes.is_zero() {
                sleep(job.takes).await;
            }
            if this.work == Work::CallsBack {
                this.call_back(&ctx, called_back(call, by)).await;
            }
            this.trace.record(Event::Answered { call, by });
            response
        };
        if self.work == Work::Later {
            return Ok(Reply::later(move |responder| {
                // If the channel has closed meanwhile, the call of the peer has failed.
                tokio::spawn(async move {
                    let answer = tokio::select! {
                        biased;
                        () = responder.context().caller_gone() => return,
                        answer = answer => answer,
                    };
                    drop(responder.send(answer).await);
                });
            }));
        }
        Ok(answer.await.into())
    }
}

impl Worker {
    async fn call_back(&self, ctx: &RequestContext, call: u32) {
        let job = Job { call, takes: Duration::from_millis(5), response_size: 20 };
        self.trace.record(Event::Begun { call, timeout: CALL_BACK_TIMEOUT });
        let given_up = GivenUp::when_dropped(call, &self.trace);
        let result = ctx.channel().invoke(job.request(Work::Inline, 10), CALL_BACK_TIMEOUT).await;
        given_up.not();
        self.trace.record(Event::Ended { call, outcome: job.outcome(result) });
    }
}

/// Records on drop that a call was dropped, unless disarmed.
pub(crate) struct GivenUp(Option<(u32, Trace)>);

impl GivenUp {
    pub(crate) fn when_dropped(call: u32, trace: &Trace) -> Self {
        Self(Some((call, trace.clone())))
    }

    /// The call has ended otherwise.
    pub(crate) fn not(mut self) {
        self.0 = None;
    }
}

impl Drop for GivenUp {
    fn drop(&mut self) {
        if let Some((call, trace)) = &self.0 {
            trace.record(Event::GivenUp { call: *call });
        }
    }
}
