//! fastjson 1's references: `{"$ref":"$.offsetTable.a[0]"}` in place of an object that was written before.

use std::borrow::Cow;
use std::collections::HashMap;

use super::document::Document;
use super::error::ReadError;
use super::scalar::unescape;

/// For each array and object that a reference passed through, its children by path step.
///
/// Each container is listed once, when first needed, so that many references cost time linear in the text.
#[derive(Debug, Default)]
pub(super) struct Targets {
    children: std::cell::RefCell<HashMap<u32, HashMap<String, u32>>>,
}

impl Document<'_> {
    /// The value at `at`, or the one that it refers to.
    pub(super) fn resolve(&self, mut at: u32) -> Result<u32, ReadError> {
        while let Some(path) = self.reference(at) {
            let offset = self.span(at).start as usize;
            let target = self.follow(&path).ok_or_else(|| {
                ReadError::at(offset, format!("the reference `{path}` leads to no value of this document"))
            })?;
            // A cycle, or a value that has not been written yet. fastjson writes neither but for cycles,
            // which no body of RocketMQ's has. That references only lead back is also why this loop ends.
            if self.span(target).end > self.span(at).start {
                return Err(ReadError::at(
                    offset,
                    format!("the reference `{path}` does not lead back to a finished value"),
                ));
            }
            let repeated = self.source(target).len();
            let Some(left) = self.repeatable.get().checked_sub(repeated) else {
                return Err(ReadError::at(offset, "references repeat too much text"));
            };
            self.repeatable.set(left);
            at = target;
        }
        Ok(at)
    }

    /// The path of a reference, if the value is one: an object with this one entry.
    fn reference(&self, at: u32) -> Option<Cow<'_, str>> {
        if !self.source(at).starts_with('{') {
            return None;
        }
        let mut children = self.children(at);
        let (key, value) = (children.next()?, children.next()?);
        if children.next().is_some() || self.content(key).as_deref() != Some("$ref") {
            return None;
        }
        self.content(value)
    }

    /// What a string says; `None` for what is not a string in quotes.
    pub(super) fn content(&self, at: u32) -> Option<Cow<'_, str>> {
        let source = self.source(at);
        let quoted = source.starts_with(['"', '\'']);
        quoted.then(|| unescape(&source[1..source.len() - 1]))?
    }

    /// What a string says, or the source of anything else.
    pub(super) fn word(&self, at: u32) -> Cow<'_, str> {
        self.content(at).unwrap_or_else(|| Cow::Borrowed(self.source(at)))
    }

    /// Walks a path from the root. `@` and `..`, an enclosing object, lead nowhere here: they are cycles.
    fn follow(&self, path: &str) -> Option<u32> {
        let targets = self.targets.get_or_init(Targets::default);
        let mut at = 0;
        for step in steps(path.strip_prefix('$')?) {
            let mut children = targets.children.borrow_mut();
            at = *children.entry(at).or_insert_with(|| self.list(at)).get(&signature(&step))?;
        }
        Some(at)
    }

    fn list(&self, at: u32) -> HashMap<String, u32> {
        let mut children = self.children(at);
        if self.source(at).starts_with('[') {
            return children.enumerate().map(|(place, child)| (place.to_string(), child)).collect();
        }
        std::iter::from_fn(|| children.next().zip(children.next()))
            .map(|(key, value)| (self.key_signature(key), value))
            .collect()
    }

    /// A key as [`signature`] would have it. In a path, a key that is an object stands as its `toString()`:
    /// `MessageQueue [topic=T, brokerName=b, queueId=0]`.
    fn key_signature(&self, key: u32) -> String {
        if !self.source(key).starts_with('{') {
            return signature(&self.word(key));
        }
        let mut children = self.children(key);
        let fields = std::iter::from_fn(|| children.next().zip(children.next()))
            .map(|(name, value)| format!("{}={}", self.word(name), self.word(value)));
        sorted(fields.collect())
    }
}

/// Splits `.a.b[0]`; a backslash takes the next character literally.
fn steps(path: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        match (character, steps.last_mut()) {
            ('.' | '[', _) => steps.push(String::new()),
            (']', Some(_)) => {}
            ('\\', Some(step)) => step.extend(characters.next()),
            (_, Some(step)) => step.push(character),
            (_, None) => steps.push(character.to_string()),
        }
    }
    steps
}

/// Something that is equal for a path step and the key it means: for `Class [b=1, a=2]` the sorted fields.
fn signature(step: &str) -> String {
    match step.split_once(" [").and_then(|(_, fields)| fields.strip_suffix(']')) {
        Some(fields) => sorted(fields.split(", ").map(str::to_owned).collect()),
        None => step.to_owned(),
    }
}

fn sorted(mut fields: Vec<String>) -> String {
    fields.sort_unstable();
    fields.join(", ")
}
