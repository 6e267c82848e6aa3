use std::time::Duration;

use remoting_transport::{AttributeKey, Connection, PrologueFuture, PrologueStep, Verdict};

/// The attribute of a server's connections that says whether peers get no texts of errors: `true` with
/// [`withhold_errors`](crate::ServerConfig::withhold_errors), otherwise absent. Prologue steps that serve another protocol
/// read it.
pub static ERRORS_WITHHELD: AttributeKey<bool> = AttributeKey::new("errorsWithheld");

/// Sets [`ERRORS_WITHHELD`] for the steps that follow.
#[derive(Debug)]
pub(super) struct WithholdErrors;

impl PrologueStep for WithholdErrors {
    fn name(&self) -> &'static str {
        "withhold errors"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            connection.attributes.set(&ERRORS_WITHHELD, true);
            Ok(Verdict::Continue(connection))
        })
    }
}
