use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;

use super::TopicRoute;

/// With 10 000 topics, replacing a shard copies some 40 pointers.
const SHARDS: usize = 256;

type Shard = HashMap<Arc<str>, Arc<TopicRoute>>;

/// The topics by name. Reads take no lock. Changes replace shards; their caller must hold a lock.
#[derive(Debug)]
pub(crate) struct Topics {
    shards: Box<[ArcSwap<Shard>]>,
    /// Clients choose the names of topics, so the hash has a random key.
    hash: RandomState,
    len: AtomicUsize,
}

impl Default for Topics {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| ArcSwap::default()).collect(),
            hash: RandomState::new(),
            len: AtomicUsize::new(0),
        }
    }
}

impl Topics {
    pub(crate) fn get(&self, topic: &str) -> Option<Arc<TopicRoute>> {
        self.shards[self.shard_of(topic)].load().get(topic).map(Arc::clone)
    }

    /// Calls `visit` for each topic.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(&Arc<TopicRoute>)) {
        for shard in &self.shards {
            shard.load().values().for_each(&mut visit);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Begins a change of several topics. Readers see it shard by shard when it is [published](TopicChanges::publish).
    pub(crate) fn change(&self) -> TopicChanges<'_> {
        TopicChanges { topics: self, changed: BTreeMap::new(), len: self.len() }
    }

    fn shard_of(&self, topic: &str) -> usize {
        (self.hash.hash_one(topic) % SHARDS as u64) as usize
    }
}

/// A change of several topics.
pub(crate) struct TopicChanges<'a> {
    topics: &'a Topics,
    changed: BTreeMap<usize, Shard>,
    len: usize,
}

impl TopicChanges<'_> {
    pub(crate) fn get(&self, topic: &str) -> Option<Arc<TopicRoute>> {
        let at = self.topics.shard_of(topic);
        match self.changed.get(&at) {
            Some(shard) => shard.get(topic).map(Arc::clone),
            None => self.topics.shards[at].load().get(topic).map(Arc::clone),
        }
    }

    /// Inserts or replaces a topic. A topic without queues is removed.
    pub(crate) fn set(&mut self, route: TopicRoute) {
        let at = self.topics.shard_of(&route.topic);
        let topics = self.topics;
        let shard = self.changed.entry(at).or_insert_with(|| Shard::clone(&topics.shards[at].load()));
        let before = shard.len();
        if route.queues.is_empty() {
            shard.remove(&route.topic);
        } else {
            shard.insert(Arc::clone(&route.topic), Arc::new(route));
        }
        self.len = (self.len + shard.len()).saturating_sub(before);
    }

    /// Returns the number of topics after the change.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Makes the changes visible to readers.
    pub(crate) fn publish(self) {
        for (at, shard) in self.changed {
            self.topics.shards[at].store(Arc::new(shard));
        }
        self.topics.len.store(self.len, Ordering::Relaxed);
    }
}
