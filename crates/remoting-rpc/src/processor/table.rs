use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use arc_swap::{ArcSwap, Cache};
use remoting_transport::protocol::RemotingCommand;
use rustc_hash::FxHashMap;

use super::{ErasedProcessor, ProcessorSet, RequestPipeline, RequestProcessor};
use crate::executor::Executor;
use crate::request::RequestInfo;

/// Up to how many bytes of a request that waits are copied out. It would keep 64 KiB or more of the read buffer alive, or 4
/// KiB of a copy of small frames. A larger request keeps at most eight times its size.
const LARGEST_COPY: usize = 16 << 10;

/// Copies a request out of the buffer that it shares with others, unless that costs too much.
pub(crate) fn detach(request: &mut RemotingCommand) {
    if request.content_len() <= LARGEST_COPY {
        request.detach();
    }
}

/// A processor and its executor (Java: `Pair<NettyRequestProcessor, ExecutorService>`).
pub(crate) struct Registration {
    pub(crate) processor: Arc<dyn ErasedProcessor>,
    pub(crate) executor: Executor,
    runs_to_end: bool,
    /// Whether a request of the processor has been pending.
    waits: AtomicBool,
    /// How many of the next requests get a task of their own, because a request was pending or computed.
    own_tasks: AtomicU8,
}

/// How many requests get a task of their own after a request that was pending or computed.
const OWN_TASKS: u8 = 64;

impl Registration {
    pub(crate) fn new(executor: Executor, processor: impl RequestProcessor) -> Self {
        Self::of_erased(executor, processor.boxed().into_erased())
    }

    pub(super) fn of_erased(executor: Executor, processor: Arc<dyn ErasedProcessor>) -> Self {
        let runs_to_end = processor.runs_to_end();
        Self { processor, executor, runs_to_end, waits: AtomicBool::new(false), own_tasks: AtomicU8::new(0) }
    }

    /// Returns whether a request runs to its end after its caller has disconnected.
    pub(crate) const fn runs_to_end(&self, info: RequestInfo) -> bool {
        info.is_oneway() || self.runs_to_end
    }

    /// Notes that a request is pending, so later ones probably will be too.
    pub(crate) fn mark_waits(&self) {
        if !self.waits.load(Ordering::Relaxed) {
            self.waits.store(true, Ordering::Relaxed);
        }
        self.mark_computes();
    }

    /// Notes that a request took its thread for long, so later ones probably will too.
    pub(crate) fn mark_computes(&self) {
        if self.own_tasks.load(Ordering::Relaxed) < OWN_TASKS {
            self.own_tasks.store(OWN_TASKS, Ordering::Relaxed);
        }
    }

    /// Returns whether the next request gets a task of its own.
    pub(crate) fn takes_own_task(&self) -> bool {
        let left = self.own_tasks.load(Ordering::Relaxed);
        if left > 0 {
            // Threads that do this at the same time count one request instead of two.
            self.own_tasks.store(left - 1, Ordering::Relaxed);
        }
        left > 0
    }

    /// Detaches a request that is likely to wait; requests that are answered at once are spared the copy.
    #[inline]
    pub(crate) fn detach(&self, request: &mut RemotingCommand) {
        if self.waits.load(Ordering::Relaxed) {
            detach(request);
        }
    }
}

/// The processors by code, the default processor and the request pipeline. Immutable; [`ProcessorRegistry`] replaces it.
#[derive(Clone, Default)]
pub(crate) struct ProcessorTable {
    by_code: FxHashMap<i32, Arc<Registration>>,
    default: Option<Arc<Registration>>,
    pipeline: Option<Arc<dyn RequestPipeline>>,
}

impl ProcessorTable {
    pub(crate) fn find(&self, code: i32) -> Option<&Arc<Registration>> {
        self.by_code.get(&code).or(self.default.as_ref())
    }

    pub(crate) const fn pipeline(&self) -> Option<&Arc<dyn RequestPipeline>> {
        self.pipeline.as_ref()
    }

    /// Returns whether the code has its own processor.
    pub(crate) fn knows(&self, code: i32) -> bool {
        self.by_code.contains_key(&code)
    }

    pub(crate) fn executors(&self) -> impl Iterator<Item = &Executor> {
        self.by_code.values().chain(&self.default).map(|registration| &registration.executor)
    }
}

impl fmt::Debug for ProcessorTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut codes: Vec<_> = self.by_code.keys().collect();
        codes.sort_unstable();
        f.debug_struct("ProcessorTable")
            .field("codes", &codes)
            .field("default", &self.default.is_some())
            .field("pipeline", &self.pipeline.is_some())
            .finish()
    }
}

/// The current [`ProcessorTable`] of an endpoint (Java: `processorTable` and `defaultRequestProcessorPair`,
/// a plain `HashMap` that is read while it may be written).
#[derive(Debug, Clone, Default)]
pub(crate) struct ProcessorRegistry {
    table: Arc<ArcSwap<ProcessorTable>>,
    /// The layers around all processors that are registered.
    #[cfg(feature = "tower")]
    layers: super::Layers,
}

impl ProcessorRegistry {
    /// Creates a registry without processors.
    #[cfg(feature = "tower")]
    pub(crate) fn with_layers(layers: super::Layers) -> Self {
        Self { layers, ..Self::default() }
    }

    pub(crate) fn register<S>(&self, set: ProcessorSet<S>) {
        #[cfg_attr(not(feature = "tower"), expect(unused_mut))]
        let mut registrations = set.into_registrations();
        #[cfg(feature = "tower")]
        self.layers.surround_all(&mut registrations);
        self.update(|table| {
            let registrations =
                registrations.iter().map(|(code, registration)| (code.0, Arc::clone(registration)));
            table.by_code.extend(registrations);
        });
    }

    pub(crate) fn register_default(&self, registration: Registration) {
        let registration = Arc::new(registration);
        #[cfg(feature = "tower")]
        let registration = self.layers.surround(registration);
        self.update(|table| table.default = Some(Arc::clone(&registration)));
    }

    pub(crate) fn set_pipeline(&self, pipeline: Arc<dyn RequestPipeline>) {
        self.update(|table| table.pipeline = Some(Arc::clone(&pipeline)));
    }

    pub(crate) fn clear(&self) {
        self.table.store(Arc::default());
    }

    pub(crate) fn current(&self) -> Arc<ProcessorTable> {
        self.table.load_full()
    }

    /// Returns a view for one channel. Reading it costs a pointer comparison while nothing changes.
    pub(crate) fn cached(&self) -> Cache<Arc<ArcSwap<ProcessorTable>>, Arc<ProcessorTable>> {
        Cache::new(Arc::clone(&self.table))
    }

    fn update(&self, change: impl Fn(&mut ProcessorTable)) {
        self.table.rcu(|table| {
            let mut table = ProcessorTable::clone(table);
            change(&mut table);
            table
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::time::Instant;

    use remoting_transport::protocol::RequestCode;

    use super::*;
    use crate::error::ProcessorError;
    use crate::latency::Latency;
    use crate::processor::{Reply, RequestContext};

    /// Runs to its end if it is asked for the first time, and panics later.
    #[derive(Default)]
    struct AskedOnce(AtomicU32);

    impl RequestProcessor for AskedOnce {
        async fn process(
            &self,
            _: RequestContext,
            request: RemotingCommand,
        ) -> Result<Reply, ProcessorError> {
            Ok(request.into())
        }

        fn runs_to_end(&self) -> bool {
            assert_eq!(self.0.fetch_add(1, Ordering::Relaxed), 0, "asked again");
            true
        }
    }

    #[test]
    fn a_processor_is_asked_at_registration_whether_requests_run_to_their_end() {
        let processor = Arc::new(AskedOnce::default());
        let registration = Registration::new(Executor::inline(), Arc::clone(&processor));
        assert_eq!(processor.0.load(Ordering::Relaxed), 1);
        let request = RemotingCommand::request(RequestCode(20_001));
        let latency = Latency::start(Instant::now(), request.code(), || true);
        let info = RequestInfo::new(&request, None, latency);
        assert!(registration.runs_to_end(info) && registration.runs_to_end(info));
    }
}
