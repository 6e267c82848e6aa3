//! Where a command keeps its remark, its ext fields and its body.
//!
//! A decoded command keeps them as they came, one behind the other in one buffer: a copy of a small frame, or a handle
//! to the read buffer. What is set on a command afterwards, remark and ext fields, goes into a buffer of its own
//! beside the body, so that the body is never copied.

use std::mem;
use std::sync::Arc;

use bytes::{Buf, Bytes};

use crate::ext_fields::push_entry;
use crate::{Body, ExtFields, ExternalBody, RemotingCommand};

/// Where the parts lie. The remark begins at 0, the ext fields behind it, the body in any case in
/// [`RemotingCommand::bytes`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    /// Where the remark ends.
    pub(crate) remark_end: u32,
    /// Where the ext fields end.
    pub(crate) ext_end: u32,
    /// Where the body begins, which goes to the end: not 0 if remark and ext fields are in the same buffer.
    pub(crate) body_at: u32,
}

/// Which texts a command has, and in which form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts(u8);

impl Texts {
    /// There is a remark.
    pub(crate) const REMARK: Self = Self(1);
    /// There are ext fields.
    pub(crate) const EXT_FIELDS: Self = Self(2);
    /// The parts lie as in a ROCKETMQ frame: a length of [`EXT_LENGTH`] bytes stands between remark and entries, and a
    /// value of length zero is null.
    pub(crate) const WIRE: Self = Self(4);

    /// The flag if `condition` holds, or none.
    pub(crate) const fn when(self, condition: bool) -> Self {
        if condition { self } else { Self(0) }
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// Bytes of the length of the ext fields in a ROCKETMQ header.
pub(crate) const EXT_LENGTH: usize = 4;

/// The most bytes of remark and ext fields together; no header can carry a hundredth of it.
pub(super) const MAX_TEXTS: usize = i32::MAX as usize;

impl RemotingCommand {
    /// The buffer of remark and ext fields.
    #[inline]
    fn texts_buffer(&self) -> &[u8] {
        if self.buffer.is_empty() { self.bytes.as_bytes() } else { &self.buffer }
    }

    /// The remark, which is UTF-8.
    #[inline]
    pub(crate) fn remark_bytes(&self) -> Option<&[u8]> {
        if !self.texts.has(Texts::REMARK) {
            return None;
        }
        Some(self.texts_buffer().get(..self.layout.remark_end as usize).unwrap_or_default())
    }

    /// Where the entries of the ext fields begin.
    #[inline]
    const fn ext_at(&self) -> usize {
        self.layout.remark_end as usize + if self.texts.has(Texts::WIRE) { EXT_LENGTH } else { 0 }
    }

    #[inline]
    pub(super) fn ext_fields_in_place(&self) -> Option<ExtFields<'_>> {
        if !self.texts.has(Texts::EXT_FIELDS) {
            return None;
        }
        let entries = self.texts_buffer().get(self.ext_at()..self.layout.ext_end as usize);
        Some(ExtFields::new(entries.unwrap_or_default(), self.texts.has(Texts::WIRE)))
    }

    /// Whether the command has neither remark nor ext fields.
    #[inline]
    pub(super) const fn has_no_texts(&self) -> bool {
        self.texts.is_none()
    }

    /// Takes remark and ext fields out, one behind the other and without nulls, to change them;
    /// [`put_texts`](Self::put_texts) puts them back. Room is made for `more` bytes.
    pub(super) fn take_texts(&mut self, more: usize) -> Vec<u8> {
        if self.texts.has(Texts::WIRE) || self.buffer.is_empty() {
            return self.copy_texts(more);
        }
        let mut texts = mem::take(&mut self.buffer).into_vec();
        texts.truncate(self.layout.ext_end as usize);
        texts
    }

    /// The same, out of the frame.
    #[inline(never)]
    fn copy_texts(&mut self, more: usize) -> Vec<u8> {
        let length = self.layout.ext_end as usize;
        let mut texts = Vec::with_capacity(length + more);
        texts.extend_from_slice(self.remark_bytes().unwrap_or_default());
        for (key, value) in self.ext_fields_in_place().iter().flat_map(ExtFields::live_entries) {
            push_entry(&mut texts, key, value);
        }
        if self.layout.body_at != 0 {
            self.bytes = Body::Bytes(mem::take(&mut self.bytes).into_bytes_from(self.layout.body_at));
            self.layout.body_at = 0;
        }
        self.buffer = Box::default();
        self.texts = self.texts.without(Texts::WIRE);
        texts
    }

    /// Puts remark and ext fields back. What the vector has room for stays there, since giving it back may copy all.
    #[inline]
    pub(super) fn put_texts(&mut self, mut texts: Vec<u8>, remark_end: usize, present: Texts) {
        self.texts = self.texts.and(present);
        self.layout.remark_end = remark_end as u32;
        self.layout.ext_end = texts.len() as u32;
        texts.resize(texts.capacity(), 0);
        self.buffer = texts.into_boxed_slice();
    }

    pub(super) const fn remark_end(&self) -> usize {
        self.layout.remark_end as usize
    }

    /// Removes what `gone` names.
    pub(super) const fn forget(&mut self, gone: Texts) {
        self.texts = self.texts.without(gone);
    }

    /// Puts another body in place of the one there is.
    #[inline]
    pub(super) fn replace_body(&mut self, body: Body) {
        if self.layout.body_at != 0 {
            self.leave_frame();
        }
        self.bytes = body;
    }

    /// Copies remark and ext fields out of the frame as they are.
    #[inline(never)]
    fn leave_frame(&mut self) {
        self.buffer = self.texts_buffer().get(..self.layout.ext_end as usize).unwrap_or_default().into();
        self.layout.body_at = 0;
    }

    /// The body as it can be handed on.
    pub(crate) fn to_body(&self) -> Body {
        match &self.bytes {
            Body::Bytes(_) => Body::Bytes(self.body_bytes()),
            external @ Body::External(_) => external.clone(),
        }
    }
}

impl Body {
    /// The bytes in memory from `at` on, without a handle to the buffer if there are none.
    #[inline]
    fn into_bytes_from(self, at: u32) -> Bytes {
        let mut bytes = self.into_bytes();
        if at as usize >= bytes.len() {
            return Bytes::new();
        }
        bytes.advance(at as usize);
        bytes
    }
}

/// The body.
impl RemotingCommand {
    /// Returns the body; an empty one is none, which is the same on the wire.
    ///
    /// An [external body](Self::external_body), which only a command to be sent can have, is not in memory: it is
    /// empty here, and [`body_len`](Self::body_len) returns its length.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &[u8] {
        self.bytes.as_bytes().get(self.layout.body_at as usize..).unwrap_or_default()
    }

    /// Returns the body as a handle that copies nothing. It keeps the memory of the whole command alive, and of a
    /// [large one](crate::FrameDecoder) the read buffer.
    #[must_use]
    pub fn body_bytes(&self) -> Bytes {
        let body = self.body();
        if body.is_empty() { Bytes::new() } else { self.bytes.as_bytes().slice_ref(body) }
    }

    /// Returns the body without the rest, as [`body_bytes`](Self::body_bytes); empty for an
    /// [external one](Self::external_body).
    #[must_use]
    #[inline]
    pub fn into_body(self) -> Bytes {
        self.bytes.into_bytes_from(self.layout.body_at)
    }

    /// Returns how many bytes the body has on the wire, be it in memory or not.
    #[must_use]
    #[inline]
    pub fn body_len(&self) -> usize {
        match &self.bytes {
            Body::Bytes(_) => self.body().len(),
            Body::External(external) => external.len(),
        }
    }

    /// Returns the body if it is not in memory, such as a region of a file.
    #[must_use]
    pub fn external_body(&self) -> Option<&Arc<dyn ExternalBody>> {
        self.bytes.as_external()
    }
}

/// Memory.
impl RemotingCommand {
    /// Returns how many bytes of memory remark, ext fields (as a ROCKETMQ header has them) and body take.
    #[must_use]
    #[inline]
    pub fn content_len(&self) -> usize {
        let gap = if self.texts.has(Texts::WIRE) { EXT_LENGTH } else { 0 };
        self.layout.ext_end as usize - gap + self.body().len()
    }

    /// Copies the command into memory of its own, exactly as large as needed.
    ///
    /// A command whose content is larger than [`FrameDecoder::COPIED`](crate::FrameDecoder::COPIED) is decoded as a
    /// handle to the connection's read buffer, which it keeps alive: 64 KiB as a rule, and what a larger frame needed.
    /// A command that is kept beyond its answer, in a cache or a queue, is detached first. Costs one allocation for the
    /// handle, and nothing if there is none.
    pub fn detach(&mut self) {
        if let Body::Bytes(bytes) = &mut self.bytes {
            *bytes = Bytes::copy_from_slice(bytes);
        }
    }
}
