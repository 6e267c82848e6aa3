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

/// Reads and modifies each request and its response: around the call on the calling side, around the processor on the
/// answering side. Java: `RPCHook`.
///
/// Hooks run in registration order, both before and after. They are synchronous, run on the caller's task or in the
/// processor's executor, and must not block.
///
/// On the calling side an error of [`before_request`](Self::before_request) fails the call with
/// [`RpcError::Hook`](crate::RpcError::Hook) before anything is sent; `after_response` runs only if a response arrives. On
/// the answering side an error becomes the response: [`Refusal`](crate::Refusal) its own code and remark, any
/// other error `SYSTEM_ERROR`.
///
/// ```
/// use remoting_rpc::transport::protocol::RemotingCommand;
/// use remoting_rpc::{HookContext, ProcessorError, RpcHook};
///
/// /// Adds the zone of the sender to each request.
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
    /// Runs before a request is sent (calling side) or processed (answering side). Java: `doBeforeRequest`.
    ///
    /// # Errors
    ///
    /// An error skips the remaining hooks and the request.
    fn before_request(
        &self,
        ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        let _ = (ctx, request);
        Ok(())
    }

    /// Runs after a response has arrived (calling side) or before it is sent (answering side). On the answering side `None`
    /// means that the response is deferred, or that the processor returned none. The response to a one-way request is passed,
    /// and not sent. Java: `doAfterResponse`.
    ///
    /// # Errors
    ///
    /// An error replaces the response.
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

/// A snapshot of the hooks of an endpoint.
#[derive(Clone, Default)]
pub(crate) struct Hooks(Vec<Arc<dyn RpcHook>>);

impl Hooks {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `None` if there are no hooks, so that requests keep nothing for them.
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

/// The hooks of an endpoint. A request in flight keeps the list it started with.
#[derive(Debug, Default)]
pub(crate) struct HookList {
    hooks: Arc<ArcSwap<Hooks>>,
    /// Whether there are hooks. Each call reads it, at a tenth of the instructions of loading `hooks`.
    any: AtomicBool,
    /// Serializes changes of both fields.
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

    /// Returns the hooks, or `None` if there are none.
    pub(crate) fn snapshot(&self) -> Option<Arc<Hooks>> {
        if self.is_empty() { None } else { self.hooks.load().unless_empty() }
    }

    /// Returns a view for one channel. Reading it costs a pointer comparison while nothing changes.
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
