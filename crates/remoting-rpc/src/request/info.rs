use remoting_transport::protocol::{MqVersion, RemotingCommand, RequestCode, SerializeType};

use crate::latency::{Latency, Outcome};

/// What remains of a request when its processor has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestInfo {
    code: i32,
    pub(crate) opaque: i32,
    version: MqVersion,
    /// The encoding of the response: that of the request, if the configuration forces none.
    serialize_type: SerializeType,
    oneway: bool,
    pub(crate) latency: Latency,
}

impl RequestInfo {
    pub(crate) const fn new(
        request: &RemotingCommand,
        forced: Option<SerializeType>,
        latency: Latency,
    ) -> Self {
        Self {
            code: request.code(),
            opaque: request.opaque(),
            version: request.version(),
            serialize_type: match forced {
                Some(forced) => forced,
                None => request.serialize_type(),
            },
            oneway: request.is_oneway(),
            latency,
        }
    }

    pub(crate) const fn code(&self) -> RequestCode {
        RequestCode(self.code)
    }

    pub(crate) const fn is_oneway(&self) -> bool {
        self.oneway
    }

    pub(crate) const fn version(&self) -> MqVersion {
        self.version
    }

    /// Returns the response to send; `None` for a one-way request.
    pub(crate) fn response(&self, response: RemotingCommand) -> Option<RemotingCommand> {
        let mut response = Some(response);
        self.complete(&mut response, false);
        response
    }

    /// Gives a response the opaque, the response bit and the encoding of its request; it keeps its own encoding if it
    /// is `encoded`. That to a one-way request is dropped.
    #[inline(always)]
    pub(crate) fn complete(&self, response: &mut Option<RemotingCommand>, encoded: bool) {
        let Some(command) = response else { return };
        command.set_opaque(self.opaque);
        command.mark_response();
        if !encoded {
            command.set_serialize_type(self.serialize_type);
        }
        if self.oneway {
            self.latency.record(Outcome::Oneway, Some(command.code()));
            *response = None;
        }
    }
}
