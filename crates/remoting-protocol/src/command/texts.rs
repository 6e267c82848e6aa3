//! The remark and the ext fields of a command.

use serde::{Deserialize, Serialize};

use super::content::{MAX_TEXTS, Texts};
use crate::ext_fields::{self, check_lengths, push_entry, retain_entries, text};
use crate::{ExtFields, HeaderError, RemotingCommand};

/// The remark.
impl RemotingCommand {
    /// Returns the human-readable part of a response, mostly an error text. Over ROCKETMQ an empty remark arrives as
    /// none.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.remark_bytes().map(text)
    }

    /// Sets the remark.
    #[must_use]
    #[inline]
    pub fn with_remark(mut self, remark: impl AsRef<str>) -> Self {
        self.set_remark(Some(remark.as_ref()));
        self
    }

    /// Sets or removes the remark. Beyond 2 GiB, which no header can carry, it is cut.
    pub fn set_remark(&mut self, remark: Option<&str>) {
        if remark.is_none() && self.remark_bytes().is_none() {
            return;
        }
        let old = self.remark_end();
        let mut texts = self.take_texts(remark.map_or(0, str::len));
        let most = MAX_TEXTS - (texts.len() - old);
        let remark = remark.map(|remark| beginning(remark, most).as_bytes());
        self.forget(Texts::REMARK);
        let present = Texts::REMARK.when(remark.is_some());
        let remark = remark.unwrap_or_default();
        texts.splice(..old, remark.iter().copied());
        self.put_texts(texts, remark.len(), present);
    }
}

/// As much of `text` as `most` bytes can be.
fn beginning(text: &str, most: usize) -> &str {
    (0..4).find_map(|less| text.get(..most.min(text.len()).saturating_sub(less))).unwrap_or_default()
}

/// The ext fields.
impl RemotingCommand {
    /// Returns the ext fields if the command has any: over JSON an empty map differs from none, over ROCKETMQ it does
    /// not.
    #[must_use]
    pub fn ext_fields(&self) -> Option<ExtFields<'_>> {
        self.ext_fields_in_place()
    }

    /// Returns the value of an ext field; the last one if a peer sent the key twice.
    #[must_use]
    pub fn ext_field(&self, key: &str) -> Option<&str> {
        self.ext_fields()?.get(key)
    }

    /// Sets an ext field in place of one with the same key.
    ///
    /// # Errors
    ///
    /// As [`set_ext_field`](Self::set_ext_field).
    #[inline]
    pub fn with_ext_field(mut self, key: &str, value: &str) -> Result<Self, HeaderError> {
        self.set_ext_field(key, value)?;
        Ok(self)
    }

    /// Sets an ext field: appends it and removes those with the same key.
    ///
    /// # Errors
    ///
    /// The key is longer than 32 767 bytes, or the value longer than a header can be; the command is unchanged.
    pub fn set_ext_field(&mut self, key: &str, value: &str) -> Result<(), HeaderError> {
        check_lengths(key.as_bytes(), value.len())?;
        let entry = 6 + key.len() + value.len();
        self.check_room(key, entry)?;
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(entry);
        retain_entries(&mut texts, remark_end, |other| other != key.as_bytes());
        push_entry(&mut texts, key.as_bytes(), value.as_bytes());
        self.put_texts(texts, remark_end, Texts::EXT_FIELDS);
        Ok(())
    }

    /// Removes an ext field, in all its duplicates. Returns whether the command had it.
    pub fn remove_ext_field(&mut self, key: &str) -> bool {
        let Some(fields) = self.ext_fields() else { return false };
        if !fields.has_key(key) {
            return false;
        }
        let found = fields.contains_key(key);
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(0);
        retain_entries(&mut texts, remark_end, |other| other != key.as_bytes());
        self.put_texts(texts, remark_end, Texts::EXT_FIELDS);
        found
    }

    /// Sets all ext fields, such as those of another command, or removes them. Null fields are left out, as a trip
    /// through Java leaves them out.
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, RequestCode, ResponseCode};
    ///
    /// let request = RemotingCommand::request(RequestCode(20_000)).with_ext_field("topic", "TopicTest")?;
    /// let mut response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    /// response.set_ext_fields(request.ext_fields());
    /// assert_eq!(response.ext_field("topic"), Some("TopicTest"));
    /// # Ok::<(), remoting_protocol::HeaderError>(())
    /// ```
    pub fn set_ext_fields(&mut self, fields: Option<ExtFields<'_>>) {
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(fields.map_or(0, |fields| fields.encoded().len()));
        texts.truncate(remark_end);
        self.forget(Texts::EXT_FIELDS);
        for (key, value) in fields.iter().flat_map(ExtFields::live_entries) {
            push_entry(&mut texts, key, value);
        }
        self.put_texts(texts, remark_end, Texts::EXT_FIELDS.when(fields.is_some()));
    }

    /// Refuses `more` bytes of ext fields if positions have no number for them.
    fn check_room(&self, key: &str, more: usize) -> Result<(), HeaderError> {
        if self.layout.ext_end as usize + more > MAX_TEXTS {
            return Err(HeaderError::ValueTooLong { field: key.to_owned(), length: more });
        }
        Ok(())
    }
}

/// Typed headers.
impl RemotingCommand {
    /// Reads the ext fields as a typed header, as Java's `decodeCommandCustomHeader`.
    ///
    /// `H` may borrow its strings from the command. A command without ext fields reads as an empty map, so an `H`
    /// with nothing but optional fields still comes out.
    ///
    /// ```
    /// # use remoting_protocol::{RemotingCommand, RequestCode};
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct GetMaxOffsetRequestHeader<'a> {
    ///     topic: &'a str,
    ///     queue_id: i32,
    ///     committed: Option<bool>,
    /// }
    ///
    /// let header = GetMaxOffsetRequestHeader { topic: "T", queue_id: 3, committed: None };
    /// let request = RemotingCommand::request(RequestCode::GET_MAX_OFFSET).with_header(&header)?;
    /// assert_eq!(request.ext_field("queueId"), Some("3"));
    ///
    /// let header: GetMaxOffsetRequestHeader = request.header()?;
    /// assert_eq!((header.topic, header.queue_id, header.committed), ("T", 3, None));
    /// # Ok::<(), remoting_protocol::HeaderError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A field that `H` needs is absent, or its text does not read as the field's type: the error names both. Java
    /// logs these and goes on with defaults.
    pub fn header<'de, H: Deserialize<'de>>(&'de self) -> Result<H, HeaderError> {
        ext_fields::read_header(self.ext_fields().unwrap_or_default())
    }

    /// Sets the fields of a typed header as ext fields, in place of those with the same keys.
    ///
    /// What serde calls `None` is left out, as Java leaves out null. See [`header`](Self::header) for an example.
    ///
    /// # Errors
    ///
    /// A field is neither text, number, bool, char nor unit enum, or too long.
    #[inline(always)]
    pub fn with_header<H: Serialize + ?Sized>(mut self, header: &H) -> Result<Self, HeaderError> {
        self.set_header(header)?;
        Ok(self)
    }

    /// Sets the fields of a typed header, as [`with_header`](Self::with_header).
    ///
    /// # Errors
    ///
    /// As [`with_header`](Self::with_header); the command is unchanged.
    #[inline(always)]
    pub fn set_header<H: Serialize + ?Sized>(&mut self, header: &H) -> Result<(), HeaderError> {
        let mut entries = Vec::new();
        ext_fields::write_header(header, &mut entries)?;
        if self.has_no_texts() && entries.len() <= MAX_TEXTS {
            self.put_texts(entries, 0, Texts::EXT_FIELDS);
            return Ok(());
        }
        self.merge(&entries)
    }

    /// Adds entries in place of those with the same keys.
    #[inline(never)]
    fn merge(&mut self, entries: &[u8]) -> Result<(), HeaderError> {
        self.check_room("", entries.len())?;
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(entries.len());
        let added = ExtFields::new(entries, false);
        retain_entries(&mut texts, remark_end, |key| !added.has_key(text(key)));
        texts.extend_from_slice(entries);
        self.put_texts(texts, remark_end, Texts::EXT_FIELDS);
        Ok(())
    }
}
