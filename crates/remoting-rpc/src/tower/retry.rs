//! Which calls are repeated.

use std::fmt;
use std::sync::Arc;

use remoting_transport::protocol::ext_fields::key;
use remoting_transport::protocol::{RemotingCommand, ResponseCode};
use tower::BoxError;
use tower::retry::Policy;
use tower::retry::backoff::{Backoff, ExponentialBackoffMaker, MakeBackoff};
use tower::retry::budget::{Budget, TpsBudget};

use super::DeadlineExceeded;
use crate::error::RpcError;

/// A [`Policy`] of tower's `RetryLayer`, which repeats failed calls where that cannot do harm.
///
/// | result of a call | repeated |
/// |---|---|
/// | the request [cannot have been executed](RpcError::may_have_been_sent): no connection, no permit, a closed channel before the request was sent, `GO_AWAY` | yes |
/// | a response `SYSTEM_BUSY`: the peer refused the request before it executed it | yes, unless a [service's method](key::GRPC_STATUS) responded |
/// | the request may have been executed: no response in time, a channel closed meanwhile, a [deadline](super::DeadlineExceeded) | only if the request [is idempotent](Self::idempotent) |
/// | an error that every attempt would meet: an invalid address, a request that cannot be encoded, a failed hook, no name server, an endpoint that was shut down | no |
/// | any other response | no: it is a result |
///
/// Three bounds keep repetitions from becoming a flood:
///
/// * the number of [attempts](Self::attempts) of one call, three by default;
/// * the [budget](Self::budget), which all clones of the policy share. The default is that of [`TpsBudget`]: over the
///   last ten seconds, one repetition for every five calls that succeeded, and ten a second besides;
/// * the pause before each repetition, [exponential](Self::backoff) with jitter, about 50 ms at first by default.
///
/// The last result is returned, a response `SYSTEM_BUSY` too. Each attempt has the time-out of its
/// [`Target`](crate::Target). A [`DeadlineLayer`](super::DeadlineLayer) outside limits the time of all together, and
/// the time that a repetition waits until its service is ready.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::RemotingClient;
/// use remoting_rpc::tower::{DeadlineLayer, RetryPolicy};
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
/// use tower::retry::RetryLayer;
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = RemotingClient::builder().build()?;
/// let retry = RetryPolicy::new().attempts(5).idempotent(|request| {
///     request.request_code() == RequestCode::GET_ROUTEINFO_BY_TOPIC
/// });
/// let name_server = ServiceBuilder::new()
///     .layer(DeadlineLayer::new(Duration::from_secs(5)))
///     .layer(RetryLayer::new(retry))
///     .service(client.to("memory:nobody").into_service());
///
/// let request = RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC);
/// let error = name_server.oneshot(request).await.unwrap_err();
/// assert!(error.is_connect());
/// # Ok(())
/// # }
/// ```
pub struct RetryPolicy<M: MakeBackoff = ExponentialBackoffMaker> {
    attempts: u32,
    budget: Arc<dyn Budget + Send + Sync>,
    idempotent: Option<Arc<IsIdempotent>>,
    backoff: M,
    /// The attempts of this call that have ended.
    ended: u32,
    /// The pauses of this call, once there is one.
    pauses: Option<M::Backoff>,
}

type IsIdempotent = dyn Fn(&RemotingCommand) -> bool + Send + Sync;

impl RetryPolicy {
    /// Creates a policy with the defaults, and a budget of its own.
    #[must_use]
    pub fn new() -> Self {
        Self {
            attempts: 3,
            budget: Arc::new(TpsBudget::default()),
            idempotent: None,
            backoff: ExponentialBackoffMaker::default(),
            ended: 0,
            pauses: None,
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: MakeBackoff> RetryPolicy<M> {
    /// Sets how often a request is sent at most, the first time included. Default: 3. Zero counts as one.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the budget, which a clone of the policy shares. A call with the response `SUCCESS` deposits, and a repetition
    /// withdraws.
    #[must_use]
    pub fn budget(mut self, budget: Arc<dyn Budget + Send + Sync>) -> Self {
        self.budget = budget;
        self
    }

    /// Repeats a request for which `idempotent` returns true also if it may have been executed. Default: none. It
    /// may then be executed as often as it is sent.
    #[must_use]
    pub fn idempotent(
        mut self,
        idempotent: impl Fn(&RemotingCommand) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.idempotent = Some(Arc::new(idempotent));
        self
    }

    /// Sets the pauses. The pauses of each call start anew.
    #[must_use]
    pub fn backoff<N: MakeBackoff>(self, backoff: N) -> RetryPolicy<N> {
        let Self { attempts, budget, idempotent, .. } = self;
        RetryPolicy { attempts, budget, idempotent, backoff, ended: 0, pauses: None }
    }

    /// Decides after an attempt. Returns the pause before the next one.
    fn decide(
        &mut self,
        request: &RemotingCommand,
        outcome: Outcome,
    ) -> Option<<M::Backoff as Backoff>::Future> {
        let may_repeat = match outcome {
            Outcome::Success => {
                self.budget.deposit();
                return None;
            }
            Outcome::NotExecuted => true,
            Outcome::InDoubt => self.idempotent.as_ref().is_some_and(|idempotent| idempotent(request)),
            Outcome::Final => false,
        };
        self.ended = self.ended.saturating_add(1);
        if !may_repeat || self.ended >= self.attempts || !self.budget.withdraw() {
            return None;
        }
        Some(self.pauses.get_or_insert_with(|| self.backoff.make_backoff()).next_backoff())
    }
}

/// What the result of an attempt says about its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Success,
    /// It has not been executed, and another attempt may succeed.
    NotExecuted,
    /// It may have been executed.
    InDoubt,
    /// Another attempt would have the same result.
    Final,
}

impl Outcome {
    fn of_response(response: &RemotingCommand) -> Self {
        match response.response_code() {
            code if code.is_success() => Self::Success,
            code => Self::of_failure(code, response),
        }
    }

    fn of_failure(code: ResponseCode, response: &RemotingCommand) -> Self {
        let refused = code == ResponseCode::SYSTEM_BUSY && response.ext_field(key::GRPC_STATUS).is_none();
        if refused { Self::NotExecuted } else { Self::Final }
    }

    fn of_error(error: &RpcError) -> Self {
        match error {
            RpcError::Response { error, .. } => Self::of_failure(error.code(), error.response()),
            RpcError::UnreadableResponse { .. } => Self::Final,
            RpcError::Address(_)
            | RpcError::Encode { .. }
            | RpcError::Hook { .. }
            | RpcError::NoNameServer
            | RpcError::ShutDown { .. } => Self::Final,
            error if error.may_have_been_sent() => Self::InDoubt,
            _ => Self::NotExecuted,
        }
    }

    /// The error of a layer between: only a call knows what happened to its request.
    fn of_any_error(error: &BoxError) -> Self {
        if error.is::<DeadlineExceeded>() {
            return Self::InDoubt;
        }
        error.downcast_ref().map_or(Self::Final, Self::of_error)
    }
}

impl<M> Policy<RemotingCommand, RemotingCommand, RpcError> for RetryPolicy<M>
where
    M: MakeBackoff,
{
    type Future = <M::Backoff as Backoff>::Future;

    fn retry(
        &mut self,
        request: &mut RemotingCommand,
        result: &mut Result<RemotingCommand, RpcError>,
    ) -> Option<Self::Future> {
        let outcome = result.as_ref().map_or_else(Outcome::of_error, Outcome::of_response);
        self.decide(request, outcome)
    }

    fn clone_request(&mut self, request: &RemotingCommand) -> Option<RemotingCommand> {
        Some(request.clone())
    }
}

/// For layers between that box the error. Of boxed errors, an [`RpcError`] and a [`DeadlineExceeded`] count as above, and a
/// call with any other is not repeated.
impl<M> Policy<RemotingCommand, RemotingCommand, BoxError> for RetryPolicy<M>
where
    M: MakeBackoff,
{
    type Future = <M::Backoff as Backoff>::Future;

    fn retry(
        &mut self,
        request: &mut RemotingCommand,
        result: &mut Result<RemotingCommand, BoxError>,
    ) -> Option<Self::Future> {
        let outcome = result.as_ref().map_or_else(Outcome::of_any_error, Outcome::of_response);
        self.decide(request, outcome)
    }

    fn clone_request(&mut self, request: &RemotingCommand) -> Option<RemotingCommand> {
        Some(request.clone())
    }
}

/// The clone shares the budget. It is for another call, so its attempts and pauses start anew.
impl<M: MakeBackoff + Clone> Clone for RetryPolicy<M> {
    fn clone(&self) -> Self {
        Self {
            attempts: self.attempts,
            budget: Arc::clone(&self.budget),
            idempotent: self.idempotent.clone(),
            backoff: self.backoff.clone(),
            ended: 0,
            pauses: None,
        }
    }
}

impl<M: MakeBackoff> fmt::Debug for RetryPolicy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy").field("attempts", &self.attempts).finish_non_exhaustive()
    }
}
