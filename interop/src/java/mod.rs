//! The Java side: the toolchain, the build of the drivers, and the driver processes.

mod build;
mod client;
mod conversation;
mod maven;
mod output;
mod process;
mod server;
mod servers;
mod toolchain;

pub(super) use self::build::{Drivers, build};
pub(super) use self::client::{run_cases, run_client};
pub(super) use self::conversation::Conversation;
pub(super) use self::output::output;
pub(super) use self::server::{JavaServer, ServerProcess};
pub(super) use self::servers::{Servers, fetch_servers};
pub(super) use self::toolchain::Toolchain;
