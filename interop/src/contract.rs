//! What both servers of the suite serve and both clients call: the same table as `Contract.java`, which says
//! what each code means.

use std::net::SocketAddr;

use remoting::protocol::RequestCode;

pub(super) const ECHO: RequestCode = RequestCode(9001);
pub(super) const SEEN: RequestCode = RequestCode(9002);
pub(super) const DIGEST: RequestCode = RequestCode(9003);
pub(super) const COUNT: RequestCode = RequestCode(9004);
pub(super) const COUNTED: RequestCode = RequestCode(9005);
pub(super) const SLEEP: RequestCode = RequestCode(9006);
pub(super) const REJECTED: RequestCode = RequestCode(9007);
pub(super) const NARROW: RequestCode = RequestCode(9008);
pub(super) const FAIL: RequestCode = RequestCode(9009);
pub(super) const PUSH: RequestCode = RequestCode(9010);
pub(super) const PUSH_ONEWAY: RequestCode = RequestCode(9011);
pub(super) const PUSH_TO: RequestCode = RequestCode(9012);
pub(super) const HOOKED: RequestCode = RequestCode(9013);
pub(super) const TYPED: RequestCode = RequestCode(9014);
pub(super) const WHO: RequestCode = RequestCode(9015);
pub(super) const DRAIN: RequestCode = RequestCode(9016);
pub(super) const BODY: RequestCode = RequestCode(9017);
pub(super) const EVENTS: RequestCode = RequestCode(9018);
pub(super) const LATER: RequestCode = RequestCode(9019);
pub(super) const HANG_UP: RequestCode = RequestCode(9020);
pub(super) const SIGNED: RequestCode = RequestCode(9021);
pub(super) const UNSUPPORTED: RequestCode = RequestCode(9099);

pub(super) const PUSHED: RequestCode = RequestCode(9101);
pub(super) const NOTIFIED: RequestCode = RequestCode(9102);
pub(super) const PUSHED_FAIL: RequestCode = RequestCode(9103);

pub(super) const NARROW_TIME: std::time::Duration = std::time::Duration::from_millis(400);
pub(super) const PUSH_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);
pub(super) const FAILURE: &str = "boom";
pub(super) const DENIED_CODE: i32 = 16;
pub(super) const DENIED: &str = "denied by hook";
pub(super) const HOOK_FAILURE: &str = "hook broke";
pub(super) const REJECT_REMARK: &str = "[REJECTREQUEST]system busy, start flow control for a while";
pub(super) const OVERLOAD_REMARK: &str = "[OVERLOAD]system busy, start flow control for a while";
pub(super) const GO_AWAY_REMARK: &str = "please go away";
/// The newest version that is served as usual by a server that drains.
pub(super) const LAST_VERSION_WITHOUT_GO_AWAY: i32 = 475;
pub(super) const ACCESS_KEY: &str = "interop";
pub(super) const SECRET_KEY: &str = "sésame, ouvre-toi";
pub(super) const NO_ACCESS_KEY: &str = "username cannot be null.";
pub(super) const WRONG_SIGNATURE: &str = "check signature failed.";

/// The three servers that either side starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerAddrs {
    pub(crate) main: SocketAddr,
    /// Closes a channel that was idle for one second.
    pub(crate) idle: SocketAddr,
    /// Shuts down gracefully when it is told to.
    pub(crate) drain: SocketAddr,
}
