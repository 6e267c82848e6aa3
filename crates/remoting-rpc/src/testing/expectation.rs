use std::fmt;

use remoting_transport::protocol::{RemotingCommand, RequestCode, ResponseCode};

/// The next command that a [`ScriptedPeer`](super::ScriptedPeer) expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectation(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Request(RequestCode),
    Oneway(RequestCode),
    Response(ResponseCode),
}

/// Expects any command.
#[must_use]
pub const fn any() -> Expectation {
    Expectation(Kind::Any)
}

/// Expects a two-way request with this code.
#[must_use]
pub const fn request(code: RequestCode) -> Expectation {
    Expectation(Kind::Request(code))
}

/// Expects a one-way request with this code.
#[must_use]
pub const fn oneway(code: RequestCode) -> Expectation {
    Expectation(Kind::Oneway(code))
}

/// Expects a response with this code.
#[must_use]
pub const fn response(code: ResponseCode) -> Expectation {
    Expectation(Kind::Response(code))
}

/// Returns a response with the code `SUCCESS`, to reply with.
#[must_use]
pub fn ok() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS)
}

impl Expectation {
    pub(super) fn is_met_by(self, command: &RemotingCommand) -> bool {
        match self.0 {
            Kind::Any => true,
            Kind::Request(code) => {
                !command.is_response() && !command.is_oneway() && command.request_code() == code
            }
            Kind::Oneway(code) => {
                !command.is_response() && command.is_oneway() && command.request_code() == code
            }
            Kind::Response(code) => command.is_response() && command.response_code() == code,
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Any => f.write_str("a command"),
            Kind::Request(code) => write!(f, "a request {code}"),
            Kind::Oneway(code) => write!(f, "a one-way request {code}"),
            Kind::Response(code) => write!(f, "a response {code}"),
        }
    }
}
