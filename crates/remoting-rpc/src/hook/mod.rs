//! Hooks around requests (Java: `RPCHook`).

mod context;
mod namespace;
mod stream_type;
mod zone;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Cache};
use parking_lot::Mutex;
use remoting_transport::protocol::RemotingCommand;

pub use self::context::HookContext;
pub use self::namespace::NamespaceHook;
pub use self::stream_type::StreamTypeHook;
pub use self::zone::ZoneHook;
use crate::error::ProcessorError;

/// Looks at, and may change, each request and its response: on the calling side around the call, on the
/// answering side around the processor. Java: `RPCHook`.
///
/// Hooks run in the order in which they were registered, both before and after. They are synchronous and run
/// on the caller's task, respectively in the processor's executor; they must not block.
///
/// On the calling side an error of [`before_request`](Self::before_request) ends the call with
/// [`RpcError::Hook`](crate::RpcError::Hook) before anything is sent, and `after_response` runs only when a
/// response has come. On the answering side an error becomes the answer: [`AbortProcess`](crate::AbortProcess)
/// its own code and remark, any other `SYSTEM_ERROR`.
///
/// ```
/// use remoting_rpc::transport::protocol::RemotingCommand;
/// use remoting_rpc::{HookContext, ProcessorError, RpcHook};
///
/// /// Marks each request with the zone that it comes from.
/// struct ZoneHook(String);
///
/// impl RpcHook for ZoneHook {
///     fn before_request(&self, _ctx: &mut HookContext<'_>, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
///         request.set_ext_field("__ZONE_NAME", &self.0)?;
///         Ok(())
///     }
/// }
/// ```
pub trait RpcHook: Send + Sync + 'static {
    /// Looks at a request before it is sent (calling side) or processed (answering side). Java: `doBeforeRequest`.
    ///
    /// # Errors
    ///
    /// An error skips the hooks after this one, and the request.
    fn before_request(
        &self,
        ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        let _ = (ctx, request);
        Ok(())
    }

    /// Looks at a response after it has come (calling side) or been made (answering side, where `None` means that the
    /// processor answers later or, for a one-way request, not at all). Java: `doAfterResponse`.
    ///
    /// # Errors
    ///
    /// An error takes the place of the response.
    fn after_response(
        &self,
        ctx: &mut HookContext<'_>,
        request: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        let _ = (ctx, request, response);
        Ok(())
    }
}

/// The hooks of one endpoint at one moment.
#[derive(Clone, Default)]
pub(crate) struct Hooks(Vec<Arc<dyn RpcHook>>);

impl Hooks {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `None` when there are none, so that nothing need be kept for them.
    pub(crate) fn unless_empty(self: &Arc<Self>) -> Option<Arc<Self>> {
        (!self.is_empty()).then(|| Arc::clone(self))
    }

    pub(crate) fn before(
        &self,
        ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        self.0.iter().try_for_each(|hook| hook.before_request(ctx, request))
    }

    pub(crate) fn after(
        &self,
        ctx: &mut HookContext<'_>,
        request: &RemotingCommand,
        mut response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        self.0.iter().try_for_each(|hook| hook.after_response(ctx, request, response.as_deref_mut()))
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hooks({})", self.0.len())
    }
}

/// The hooks of an endpoint. Requests under way keep the list they began with.
#[derive(Debug, Default)]
pub(crate) struct HookList {
    hooks: Arc<ArcSwap<Hooks>>,
    /// Whether there are any: read by each call, and a tenth of the instructions of a load of `hooks`.
    any: AtomicBool,
    /// Held while both change.
    changing: Mutex<()>,
}

impl HookList {
    pub(crate) fn register(&self, hook: Arc<dyn RpcHook>) {
        let _changing = self.changing.lock();
        let mut hooks = Hooks::clone(&self.hooks.load());
        hooks.0.push(hook);
        self.hooks.store(Arc::new(hooks));
        self.any.store(true, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        let _changing = self.changing.lock();
        self.any.store(false, Ordering::Release);
        self.hooks.store(Arc::default());
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    /// The hooks, or `None` when there are none, so that nothing need be kept for them.
    pub(crate) fn snapshot(&self) -> Option<Arc<Hooks>> {
        if self.is_empty() { None } else { self.hooks.load().unless_empty() }
    }

    /// A view that each channel keeps for itself: as cheap to read as a plain pointer while nothing changes.
    pub(crate) fn cached(&self) -> CachedHooks {
        CachedHooks(Cache::new(Arc::clone(&self.hooks)))
    }
}

/// See [`HookList::cached`].
#[derive(Debug)]
pub(crate) struct CachedHooks(Cache<Arc<ArcSwap<Hooks>>, Arc<Hooks>>);

impl CachedHooks {
    #[inline(always)]
    pub(crate) fn load(&mut self) -> &Arc<Hooks> {
        self.0.load()
    }
}
