//! A checked text of lenient JSON with an index of its arrays and objects.

use std::cell::{Cell, OnceCell};

use super::error::ReadError;
use super::reference::Targets;
use crate::json::dialect::{IN_BODIES, is_bare, is_space};
use crate::json::string::string_end;
use crate::json::{Lexer, Visit};

/// The limit for data repeated by references, in bytes: 32 per byte of the text plus 256 KiB, and at most 64 MiB.
/// Without it a few kilobytes of nested references could exhaust the memory.
const REPEATED_PER_BYTE: usize = REPEATED_VALUE;
const REPEATED_ANYWAY: usize = 8_192 * REPEATED_VALUE;
const MAX_REPEATED: usize = 64 << 20;

/// The cost of a repeated value in addition to its text: roughly its size in memory.
const REPEATED_VALUE: usize = 32;

/// The position of an array or object in the text.
#[derive(Clone, Copy, Debug)]
struct Container {
    start: u32,
    end: u32,
    /// The index of the next container outside this one.
    next: u32,
}

/// The position of a value in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the first container that starts at or after the value. Its own index if the value is a
    /// container.
    pub(super) container: u32,
}

/// A checked text and the index of its arrays and objects. The index takes 12 bytes per array or object, and
/// nothing for other values.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    containers: Vec<Container>,
    /// The remaining budget of references in bytes.
    repeatable: Cell<usize>,
    /// The targets of references, created for the first reference.
    pub(super) targets: OnceCell<Targets>,
}

/// The arrays and objects of a text in the order of their starts.
#[derive(Default)]
struct Index {
    containers: Vec<Container>,
    /// The indexes of the open containers.
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
    /// Checks and indexes `text`, which must consist of one value, followed only by white space and NULs.
    pub(super) fn scan(text: &'t str) -> Result<Self, ReadError> {
        let repeatable = text.len().saturating_mul(REPEATED_PER_BYTE).saturating_add(REPEATED_ANYWAY);
        Self::with_budget(text, repeatable.min(MAX_REPEATED))
    }

    /// Scans a text from a string of another document. It may contain no references, since each such text would
    /// have a budget of its own.
    pub(super) fn scan_inner(text: &'t str) -> Result<Self, ReadError> {
        Self::with_budget(text, 0)
    }

    fn with_budget(text: &'t str, repeatable: usize) -> Result<Self, ReadError> {
        if u32::try_from(text.len()).is_err() {
            return Err(ReadError::at(0, "body exceeds 4 GiB"));
        }
        let mut index = Index::default();
        let mut lexer = Lexer::new(text);
        lexer.walk(IN_BODIES, &mut index)?;
        lexer.end()?;
        let (repeatable, targets) = (Cell::new(repeatable), OnceCell::new());
        Ok(Self { text, containers: index.containers, repeatable, targets })
    }

    /// Charges a repeated value with `text` bytes of text to the budget of references.
    pub(super) fn repeat(&self, text: usize, offset: u32) -> Result<(), ReadError> {
        match self.repeatable.get().checked_sub(REPEATED_VALUE + text) {
            Some(left) => {
                self.repeatable.set(left);
                Ok(())
            }
            None => Err(ReadError::at(offset as usize, "references repeat too much data")),
        }
    }

    pub(super) fn root(&self) -> Node {
        let start = self.text.bytes().take_while(|byte| is_space(*byte)).count();
        self.node(start, 0)
    }

    /// Returns the value that starts at `start`.
    pub(super) fn node_at(&self, start: u32) -> Node {
        let container = self.containers.partition_point(|container| container.start < start);
        self.node(start as usize, container as u32)
    }

    /// Returns the value that starts at `start`, given the index of the first container at or after it.
    fn node(&self, start: usize, container: u32) -> Node {
        let own = match self.containers.get(container as usize) {
            Some(own) if own.start as usize == start => Some(own.end),
            _ => None,
        };
        let end = own.unwrap_or_else(|| self.scalar_end(start) as u32);
        Node { start: start as u32, end, container }
    }

    /// Returns the end of the scalar that starts at `start`.
    fn scalar_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        match bytes.get(start) {
            Some(quote @ (b'"' | b'\'')) => string_end(bytes, start, *quote),
            // The text is valid, so a value without quotes consists of bare bytes.
            _ => bytes[start..]
                .iter()
                .position(|byte| !is_bare(*byte))
                .map_or(bytes.len(), |length| start + length),
        }
    }

    /// Returns the text of a value, including its quotes or brackets.
    pub(super) fn source(&self, node: Node) -> &'t str {
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    pub(super) fn is_container(&self, node: Node) -> bool {
        self.source(node).starts_with(['[', '{'])
    }

    /// Returns the direct children of an array or object. Those of an object are its keys and values in turn. A
    /// scalar has no children.
    pub(super) fn children(&self, node: Node) -> Children<'_> {
        let at = if self.is_container(node) { node.start + 1 } else { node.end };
        self.children_from(node, at, node.container + 1)
    }

    /// Returns the children of `node` from the child at `first` on.
    pub(super) fn children_from(&self, node: Node, first: u32, container: u32) -> Children<'_> {
        Children { document: self, at: first as usize, end: node.end as usize, container }
    }

    /// Returns the path of the innermost value that contains the byte at `offset`, such as `$.table[0].name`.
    pub(super) fn path(&self, offset: usize) -> String {
        const MAX_KEY: usize = 64;
        let contains = |node: Node| (node.start as usize..node.end as usize).contains(&offset);
        let (mut path, mut node) = (String::from("$"), self.root());
        loop {
            let mut children = self.children(node);
            let next = if self.source(node).starts_with('[') {
                children
                    .enumerate()
                    .find(|(_, child)| contains(*child))
                    .map(|(index, child)| (format!("[{index}]"), child))
            } else {
                std::iter::from_fn(|| children.next().zip(children.next()))
                    .find(|(key, value)| contains(*key) || contains(*value))
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

/// The children of an array or object, found in its text. The iterator skips the content of each child.
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
        // The text is valid, so the separators need no check.
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
