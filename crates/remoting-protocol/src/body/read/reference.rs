//! The references of fastjson 1: `{"$ref":"$.offsetTable.a[0]"}` in place of a repeated object.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::document::{Document, Node};
use super::error::ReadError;
use crate::json::Lexer;

/// The children of each array and object that a reference passed through.
///
/// A container is listed once, for the first reference, in memory and time linear in its text. Each further
/// reference takes time linear in its path, plus a binary search per step.
#[derive(Debug, Default)]
pub(super) struct Targets {
    hasher: RandomState,
    /// The lists by the index of their container.
    listed: RefCell<HashMap<u32, Vec<Listed>>>,
}

/// The index of an element, or the hash of the signature of a key.
type Label = u32;
/// An element or key, with its start. Lists are sorted.
type Listed = (Label, u32);

/// The least distance in bytes between listed elements of an array.
const STRIDE: u32 = 64;

impl Document<'_> {
    /// Returns the value at `node`, or its target if it is a reference, and whether it is a reference.
    pub(super) fn resolve(&self, mut node: Node) -> Result<(Node, bool), ReadError> {
        let mut refers = false;
        while let Some(path) = self.reference(node) {
            let refused = |what| {
                const MAX_SHOWN: usize = 100;
                let path: String = path.chars().take(MAX_SHOWN).collect();
                ReadError::at(node.start as usize, format!("the reference `{path}` {what}"))
            };
            self.repeat(path.len(), node.start)?;
            let target = self.follow(&path).ok_or_else(|| refused("points to no value in this document"))?;
            // The target is a cycle or a later value. fastjson writes cycles, which no body of RocketMQ has, and
            // never refers to later values. The loop ends because references only point backwards.
            if target.end > node.start {
                return Err(refused("does not point to a completed earlier value"));
            }
            (node, refers) = (target, true);
        }
        Ok((node, refers))
    }

    /// Returns the path if the value is a reference: an object whose only entry is `$ref`.
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

    /// Returns the content of a string in quotes, or `None` for another value.
    pub(super) fn content(&self, node: Node) -> Option<Cow<'_, str>> {
        // The lexer gets the whole text, so it can scan to the end of the string by words.
        let string = Lexer::starting_at(self.text, node.start as usize).string();
        Some(string.ok()??.content())
    }

    /// Returns the content of a string in quotes, or the source of another value.
    pub(super) fn word(&self, node: Node) -> Cow<'_, str> {
        self.content(node).unwrap_or_else(|| Cow::Borrowed(self.source(node)))
    }

    /// Returns the target of a path from the root. `@` and `..`, an enclosing object, are cycles and have no
    /// target.
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

    /// Lists the elements that a search starts from. The text between two of them is short.
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
        // The last of repeated keys counts, so the search starts at the end.
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

    /// Returns the [`signature`] of a key. In a path, a key that is an object has the form of its `toString()`:
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

/// Removes the first step from a non-empty path like `.a.b[0]`. A backslash escapes the next character.
fn next_step(path: &mut &str) -> String {
    let mut characters = path.chars();
    let mut step = String::new();
    // The separator before the step.
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

/// Returns a text that is equal for a step of a path and its key: the sorted fields of `Class [b=1, a=2]`.
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
