//! Lenient JSON as a checked text and an index of its arrays and objects.

use std::cell::{Cell, OnceCell};

use super::error::ReadError;
use super::reference::Targets;
use crate::json::dialect::{IN_BODIES, is_bare, is_space};
use crate::json::string::string_end;
use crate::json::{Lexer, Visit};

/// What references may repeat, in bytes: as much as one value for each byte of the text and 8 192 more, but no more
/// than 64 MiB. A document that says more through them is refused: a few kilobytes of references to references could
/// otherwise fill any memory.
const REPEATED_PER_BYTE: usize = REPEATED_VALUE;
const REPEATED_ANYWAY: usize = 8_192 * REPEATED_VALUE;
const MAX_REPEATED: usize = 64 << 20;

/// What a repeated value counts as, beside its text: about what it takes in memory.
const REPEATED_VALUE: usize = 32;

/// Where an array or object lies in the text.
#[derive(Clone, Copy, Debug)]
struct Container {
    start: u32,
    end: u32,
    /// The index of the next container that is not inside this one.
    next: u32,
}

/// Where one value lies in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the first container that does not begin before the value: its own, if the value is one.
    pub(super) container: u32,
}

/// A checked text and the index of its arrays and objects, which takes 12 bytes for each of them and nothing for
/// other values.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    containers: Vec<Container>,
    /// How much more references may repeat.
    repeatable: Cell<usize>,
    /// Where references lead, built when the first one is met.
    pub(super) targets: OnceCell<Targets>,
}

/// The arrays and objects of a text, in the order in which they begin.
#[derive(Default)]
struct Index {
    containers: Vec<Container>,
    /// Those that have not ended.
    open: Vec<u32>,
}

impl Visit for Index {
    fn open(&mut self, at: usize, _: u8) {
        self.open.push(self.containers.len() as u32);
        self.containers.push(Container { start: at as u32, end: 0, next: 0 });
    }

    fn close(&mut self, end: usize, _: u8) {
        let next = self.containers.len() as u32;
        if let Some(container) = self.open.pop().and_then(|index| self.containers.get_mut(index as usize)) {
            (container.end, container.next) = (end as u32, next);
        }
    }
}

impl<'t> Document<'t> {
    /// Indexes `text`, which must hold one value, then nothing but white space and NULs.
    pub(super) fn scan(text: &'t str) -> Result<Self, ReadError> {
        let repeatable = text.len().saturating_mul(REPEATED_PER_BYTE).saturating_add(REPEATED_ANYWAY);
        Self::with_budget(text, repeatable.min(MAX_REPEATED))
    }

    /// The same, for a text out of another document: it may hold no references, lest many such texts each
    /// repeat as much as a document may.
    pub(super) fn scan_inner(text: &'t str) -> Result<Self, ReadError> {
        Self::with_budget(text, 0)
    }

    fn with_budget(text: &'t str, repeatable: usize) -> Result<Self, ReadError> {
        if u32::try_from(text.len()).is_err() {
            return Err(ReadError::at(0, "longer than 4 GiB"));
        }
        let mut index = Index::default();
        let mut lexer = Lexer::new(text);
        lexer.walk(IN_BODIES, &mut index)?;
        lexer.end()?;
        let (repeatable, targets) = (Cell::new(repeatable), OnceCell::new());
        Ok(Self { text, containers: index.containers, repeatable, targets })
    }

    /// Takes a repeated value, and this much text, from what references may repeat.
    pub(super) fn repeat(&self, text: usize, offset: u32) -> Result<(), ReadError> {
        match self.repeatable.get().checked_sub(REPEATED_VALUE + text) {
            Some(left) => {
                self.repeatable.set(left);
                Ok(())
            }
            None => Err(ReadError::at(offset as usize, "references repeat too much")),
        }
    }

    pub(super) fn root(&self) -> Node {
        let start = self.text.bytes().take_while(|byte| is_space(*byte)).count();
        self.node(start, 0)
    }

    /// The value that begins at `start`.
    pub(super) fn node_at(&self, start: u32) -> Node {
        let container = self.containers.partition_point(|container| container.start < start);
        self.node(start as usize, container as u32)
    }

    /// The value that begins at `start`, before or at the container of this index.
    fn node(&self, start: usize, container: u32) -> Node {
        let own = match self.containers.get(container as usize) {
            Some(own) if own.start as usize == start => Some(own.end),
            _ => None,
        };
        let end = own.unwrap_or_else(|| self.scalar_end(start) as u32);
        Node { start: start as u32, end, container }
    }

    /// Where the scalar that begins at `start` ends.
    fn scalar_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        match bytes.get(start) {
            Some(quote @ (b'"' | b'\'')) => string_end(bytes, start, *quote),
            // The text has been checked: a value without quotes ends where a key would.
            _ => bytes[start..]
                .iter()
                .position(|byte| !is_bare(*byte))
                .map_or(bytes.len(), |length| start + length),
        }
    }

    /// The text of a value, with its quotes or brackets.
    pub(super) fn source(&self, node: Node) -> &'t str {
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    pub(super) fn is_container(&self, node: Node) -> bool {
        self.source(node).starts_with(['[', '{'])
    }

    /// The direct children of an array or object; an object's are key, value, key, value. A scalar has none.
    pub(super) fn children(&self, node: Node) -> Children<'_> {
        let at = if self.is_container(node) { node.start + 1 } else { node.end };
        self.children_from(node, at, node.container + 1)
    }

    /// The children of `node` from the one at `first` on.
    pub(super) fn children_from(&self, node: Node, first: u32, container: u32) -> Children<'_> {
        Children { document: self, at: first as usize, end: node.end as usize, container }
    }

    /// The path to the innermost value that holds the byte at `offset`, as `$.table[0].name`.
    pub(super) fn path(&self, offset: usize) -> String {
        const MAX_KEY: usize = 64;
        let holds = |node: Node| (node.start as usize..node.end as usize).contains(&offset);
        let (mut path, mut node) = (String::from("$"), self.root());
        loop {
            let mut children = self.children(node);
            let next = if self.source(node).starts_with('[') {
                children
                    .enumerate()
                    .find(|(_, child)| holds(*child))
                    .map(|(index, child)| (format!("[{index}]"), child))
            } else {
                std::iter::from_fn(|| children.next().zip(children.next()))
                    .find(|(key, value)| holds(*key) || holds(*value))
                    .map(|(key, value)| {
                        let text: String =
                            self.source(key).trim_matches(['"', '\'']).chars().take(MAX_KEY).collect();
                        (format!(".{text}"), value)
                    })
            };
            let Some((step, child)) = next else { return path };
            path.push_str(&step);
            node = child;
        }
    }
}

/// The children of an array or object, found by walking over its text; what is inside them is jumped over.
#[derive(Clone, Debug)]
pub(super) struct Children<'d> {
    document: &'d Document<'d>,
    at: usize,
    end: usize,
    container: u32,
}

impl Iterator for Children<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        let bytes = self.document.text.as_bytes().get(..self.end)?;
        // The text has been checked, so that separators stand where they should.
        while let Some(byte) = bytes.get(self.at)
            && (is_space(*byte) || matches!(byte, b',' | b':'))
        {
            self.at += 1;
        }
        if matches!(bytes.get(self.at), None | Some(b']' | b'}')) {
            return None;
        }
        let node = self.document.node(self.at, self.container);
        self.at = node.end as usize;
        if self.document.is_container(node)
            && let Some(own) = self.document.containers.get(node.container as usize)
        {
            self.container = own.next;
        }
        Some(node)
    }
}
