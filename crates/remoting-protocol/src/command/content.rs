//! The layout of remark, ext fields and body in memory.
//!
//! A decoded command holds them in the order of the frame in one buffer: a copy of a small frame, or a handle to
//! the read buffer. A remark or ext field that is set later moves both into a separate buffer, so the body is never
//! copied.

use std::mem;
use std::sync::Arc;

use bytes::{Buf, Bytes};

use crate::ext_fields::push_entry;
use crate::{Body, ExtFields, ExternalBody, RemotingCommand};

/// The positions of the parts. The remark starts at 0, followed by the ext fields. The body is always in
/// [`RemotingCommand::bytes`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    /// The end of the remark.
    pub(crate) remark_end: u32,
    /// The end of the ext fields.
    pub(crate) ext_end: u32,
    /// The start of the body, which ends with its buffer. Not 0 if remark and ext fields share the buffer.
    pub(crate) body_at: u32,
}

/// Flags: the texts that a command has, and their form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts(u8);

impl Texts {
    /// The command has a remark.
    pub(crate) const REMARK: Self = Self(1);
    /// The command has ext fields.
    pub(crate) const EXT_FIELDS: Self = Self(2);
    /// The layout is that of a ROCKETMQ frame: a length of [`EXT_LENGTH`] bytes separates remark and entries, and
    /// an empty value is null.
    pub(crate) const WIRE: Self = Self(4);

    /// Returns the flag if `condition` is true, otherwise no flag.
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

/// The size of the length of the ext fields in a ROCKETMQ header, in bytes.
pub(crate) const EXT_LENGTH: usize = 4;

/// The limit for remark and ext fields together, in bytes. A header can carry less than a hundredth of it.
pub(super) const MAX_TEXTS: usize = i32::MAX as usize;

impl RemotingCommand {
    /// Returns the buffer that holds remark and ext fields.
    #[inline]
    fn texts_buffer(&self) -> &[u8] {
        if self.buffer.is_empty() { self.bytes.as_bytes() } else { &self.buffer }
    }

    /// Returns the remark, which is UTF-8.
    #[inline]
    pub(crate) fn remark_bytes(&self) -> Option<&[u8]> {
        if !self.texts.has(Texts::REMARK) {
            return None;
        }
        Some(self.texts_buffer().get(..self.layout.remark_end as usize).unwrap_or_default())
    }

    /// Returns the start of the entries of the ext fields.
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

    /// Returns whether the command has neither remark nor ext fields, and no space for them before its body.
    #[inline]
    pub(super) const fn is_bare(&self) -> bool {
        self.texts.is_none() && self.layout.body_at == 0
    }

    /// Takes remark and ext fields out to change them: one after the other, without nulls, and with capacity for
    /// `more` bytes. [`put_texts`](Self::put_texts) puts them back.
    pub(super) fn take_texts(&mut self, more: usize) -> Vec<u8> {
        if self.texts.has(Texts::WIRE) || self.buffer.is_empty() {
            return self.copy_texts(more);
        }
        let mut texts = mem::take(&mut self.buffer).into_vec();
        texts.truncate(self.layout.ext_end as usize);
        texts
    }

    /// Copies remark and ext fields for [`take_texts`](Self::take_texts) if they are part of the frame.
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

    /// Puts remark and ext fields back, which fill the whole vector.
    #[inline]
    pub(super) fn put_texts_to_end(&mut self, texts: Vec<u8>, remark_end: usize, present: Texts) {
        let end = texts.len();
        self.put_texts(texts, end, remark_end, present);
    }

    /// Puts remark and ext fields back, which end at `end`. Spare capacity is kept, since shrinking may copy everything.
    #[inline]
    pub(super) fn put_texts(&mut self, mut texts: Vec<u8>, end: usize, remark_end: usize, present: Texts) {
        self.texts = self.texts.and(present);
        self.layout.remark_end = remark_end as u32;
        self.layout.ext_end = end as u32;
        if texts.len() < texts.capacity() {
            texts.resize(texts.capacity(), 0);
        }
        self.buffer = texts.into_boxed_slice();
    }

    pub(super) const fn remark_end(&self) -> usize {
        self.layout.remark_end as usize
    }

    /// Clears `flags`.
    pub(super) const fn clear(&mut self, flags: Texts) {
        self.texts = self.texts.without(flags);
    }

    /// Replaces the body.
    #[inline]
    pub(super) fn replace_body(&mut self, body: Body) {
        if self.layout.body_at != 0 {
            self.leave_frame();
        }
        self.bytes = body;
    }

    /// Copies remark and ext fields out of the frame unchanged.
    #[inline(never)]
    fn leave_frame(&mut self) {
        self.buffer = self.texts_buffer().get(..self.layout.ext_end as usize).unwrap_or_default().into();
        self.layout.body_at = 0;
    }

    /// Returns the body as a value of its own, without a copy.
    pub(crate) fn to_body(&self) -> Body {
        match &self.bytes {
            Body::Bytes(_) => Body::Bytes(self.body_bytes()),
            external @ Body::External(_) => external.clone(),
        }
    }
}

impl Body {
    /// Returns the bytes in memory from `at` on. An empty result does not share the buffer.
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

/// # Body
impl RemotingCommand {
    /// Returns the body. An absent body is empty; the two are the same on the wire.
    ///
    /// Returns an empty slice for an [external body](Self::external_body), which is not in memory;
    /// [`body_len`](Self::body_len) returns its length. Only a command to be sent can have an external body.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &[u8] {
        self.bytes.as_bytes().get(self.layout.body_at as usize..).unwrap_or_default()
    }

    /// Returns the body as a handle, without a copy. The handle keeps the memory of the whole command alive; for a
    /// [large command](crate::FrameDecoder) that is the read buffer.
    #[must_use]
    pub fn body_bytes(&self) -> Bytes {
        let body = self.body();
        if body.is_empty() { Bytes::new() } else { self.bytes.as_bytes().slice_ref(body) }
    }

    /// Converts the command into its body, like [`body_bytes`](Self::body_bytes). Empty for an
    /// [external body](Self::external_body).
    #[must_use]
    #[inline]
    pub fn into_body(self) -> Bytes {
        self.bytes.into_bytes_from(self.layout.body_at)
    }

    /// Returns the length of the body on the wire in bytes, also of an [external body](Self::external_body).
    #[must_use]
    #[inline]
    pub fn body_len(&self) -> usize {
        match &self.bytes {
            Body::Bytes(_) => self.body().len(),
            Body::External(external) => external.len(),
        }
    }

    /// Returns the body if it is external, such as a region of a file.
    #[must_use]
    pub fn external_body(&self) -> Option<&Arc<dyn ExternalBody>> {
        self.bytes.as_external()
    }
}

/// # Memory
impl RemotingCommand {
    /// Returns the length of remark, ext fields (in the encoding of a ROCKETMQ header) and body in bytes.
    #[must_use]
    #[inline]
    pub fn content_len(&self) -> usize {
        let gap = if self.texts.has(Texts::WIRE) { EXT_LENGTH } else { 0 };
        self.layout.ext_end as usize - gap + self.body().len()
    }

    /// Copies the body, and the texts that share its buffer, into memory of exactly the needed size.
    ///
    /// A decoded command with a content of more than [`FrameDecoder::COPIED`](crate::FrameDecoder::COPIED) bytes is
    /// a handle to the read buffer of the connection and keeps it alive: usually 64 KiB, more for a larger frame.
    /// Detach a command before you keep it in a cache or a queue. This costs one allocation, or none if the command
    /// has no such buffer.
    pub fn detach(&mut self) {
        if let Body::Bytes(bytes) = &mut self.bytes {
            *bytes = Bytes::copy_from_slice(bytes);
        }
    }
}
