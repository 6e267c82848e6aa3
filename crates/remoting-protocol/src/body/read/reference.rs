//! fastjson 1's references: `{"$ref":"$.offsetTable.a[0]"}` in place of an object that was written before.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::document::{Document, Node};
use super::error::ReadError;
use crate::json::Lexer;

/// How to find a child of each array and object that a reference passed through.
///
/// A container is listed once, when it is first needed, in memory and time linear in its text. So many references cost
/// time linear in theirs, but for a binary search each.
#[derive(Debug, Default)]
pub(super) struct Targets {
    hasher: RandomState,
    /// By the index of the container.
    listed: RefCell<HashMap<u32, Vec<Listed>>>,
}

/// An element's index, or the hash of a key's signature; in order.
type Label = u32;
/// A child, an object's key among them, and where it begins.
type Listed = (Label, u32);

/// Elements of an array are listed only where so much text has passed since the last one listed.
const STRIDE: u32 = 64;

impl Document<'_> {
    /// The value at `node`, or the one that it refers to, and whether it does refer.
    pub(super) fn resolve(&self, mut node: Node) -> Result<(Node, bool), ReadError> {
        let mut refers = false;
        while let Some(path) = self.reference(node) {
            let refused = |what| {
                const MAX_SHOWN: usize = 100;
                let path: String = path.chars().take(MAX_SHOWN).collect();
                ReadError::at(node.start as usize, format!("the reference `{path}` {what}"))
            };
            self.repeat(path.len(), node.start)?;
            let target = self.follow(&path).ok_or_else(|| refused("leads to no value of this document"))?;
            // A cycle, or a value that has not been written yet. fastjson writes neither but for cycles,
            // which no body of RocketMQ's has. That references only lead back is also why this loop ends.
            if target.end > node.start {
                return Err(refused("does not lead back to a finished value"));
            }
            (node, refers) = (target, true);
        }
        Ok((node, refers))
    }

    /// The path of a reference, if the value is one: an object with this one entry.
    fn reference(&self, node: Node) -> Option<Cow<'_, str>> {
        if !self.source(node).starts_with('{') {
            return None;
        }
        let mut children = self.children(node);
        let (key, value) = (children.next()?, children.next()?);
        if self.content(key).as_deref() != Some("$ref") || children.next().is_some() {
            return None;
        }
        self.content(value)
    }

    /// What a string says; `None` for what is not a string in quotes.
    pub(super) fn content(&self, node: Node) -> Option<Cow<'_, str>> {
        // From the whole text, which is scanned by words to the end of the string.
        let string = Lexer::starting_at(self.text, node.start as usize).string();
        Some(string.ok()??.content())
    }

    /// What a string says, or the source of anything else.
    pub(super) fn word(&self, node: Node) -> Cow<'_, str> {
        self.content(node).unwrap_or_else(|| Cow::Borrowed(self.source(node)))
    }

    /// Walks a path from the root. `@` and `..`, an enclosing object, lead nowhere here: they are cycles.
    fn follow(&self, path: &str) -> Option<Node> {
        let mut node = self.root();
        let mut rest = path.strip_prefix('$')?;
        while !rest.is_empty() {
            let step = next_step(&mut rest);
            node = match self.source(node).as_bytes().first()? {
                b'[' => self.element(node, &step)?,
                b'{' => self.entry(node, &step)?,
                _ => return None,
            };
        }
        Some(node)
    }

    fn element(&self, array: Node, step: &str) -> Option<Node> {
        let index: u32 = step.parse().ok().filter(|_| !step.starts_with('+'))?;
        let targets = self.targets.get_or_init(Targets::default);
        let mut listed = targets.listed.borrow_mut();
        let listed = listed.entry(array.container).or_insert_with(|| self.list_elements(array));
        let &(first, start) =
            listed.get(listed.partition_point(|(first, _)| *first <= index).checked_sub(1)?)?;
        let start = self.node_at(start);
        self.children_from(array, start.start, start.container).nth((index - first) as usize)
    }

    /// Where to begin to walk: what lies between one listed element and the next is walked over in no time.
    fn list_elements(&self, array: Node) -> Vec<Listed> {
        let mut listed: Vec<Listed> = Vec::new();
        for (index, element) in (0..).zip(self.children(array)) {
            if listed.last().is_none_or(|(_, last)| element.start - last >= STRIDE) {
                listed.push((index, element.start));
            }
        }
        listed
    }

    fn entry(&self, object: Node, step: &str) -> Option<Node> {
        let targets = self.targets.get_or_init(Targets::default);
        let mut listed = targets.listed.borrow_mut();
        let listed = listed.entry(object.container).or_insert_with(|| self.list_entries(object, targets));
        let step = signature(Cow::Borrowed(step));
        let hash = targets.hash(&step);
        let same_hash = &listed[..listed.partition_point(|(other, _)| *other <= hash)];
        // Of a key that comes twice the last, which is the first one looked at.
        let found = same_hash.iter().rev().take_while(|(other, _)| *other == hash);
        let key = found.map(|(_, key)| self.node_at(*key)).find(|key| self.key_signature(*key) == step)?;
        self.children_from(object, key.start, key.container).nth(1)
    }

    fn list_entries(&self, object: Node, targets: &Targets) -> Vec<Listed> {
        let keys = self.children(object).step_by(2);
        let mut listed: Vec<Listed> =
            keys.map(|key| (targets.hash(&self.key_signature(key)), key.start)).collect();
        listed.sort_unstable();
        listed
    }

    /// A key as [`signature`] would have it. In a path, a key that is an object stands as its `toString()`:
    /// `MessageQueue [topic=T, brokerName=b, queueId=0]`.
    fn key_signature(&self, key: Node) -> Cow<'_, str> {
        if !self.source(key).starts_with('{') {
            return signature(self.word(key));
        }
        let mut children = self.children(key);
        let fields = std::iter::from_fn(|| children.next().zip(children.next()))
            .map(|(name, value)| format!("{}={}", self.word(name), self.word(value)));
        Cow::Owned(sorted(fields.collect()))
    }
}

impl Targets {
    fn hash(&self, signature: &str) -> Label {
        self.hasher.hash_one(signature) as Label
    }
}

/// Takes the first step off a path like `.a.b[0]`, which is not empty; a backslash takes the next character literally.
fn next_step(path: &mut &str) -> String {
    let mut characters = path.chars();
    let mut step = String::new();
    // What begins the step.
    match characters.next() {
        Some('.' | '[') | None => {}
        Some('\\') => step.extend(characters.next()),
        Some(character) => step.push(character),
    }
    loop {
        let rest = characters.as_str();
        match characters.next() {
            None | Some('.' | '[') => {
                *path = rest;
                return step;
            }
            Some(']') => {}
            Some('\\') => step.extend(characters.next()),
            Some(character) => step.push(character),
        }
    }
}

/// Something that is equal for a path step and the key it means: for `Class [b=1, a=2]` the sorted fields.
fn signature(step: Cow<'_, str>) -> Cow<'_, str> {
    match step.split_once(" [").and_then(|(_, fields)| fields.strip_suffix(']')) {
        Some(fields) => Cow::Owned(sorted(fields.split(", ").map(str::to_owned).collect())),
        None => step,
    }
}

fn sorted(mut fields: Vec<String>) -> String {
    fields.sort_unstable();
    fields.join(", ")
}
