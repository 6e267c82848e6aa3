//! The remark and the ext fields of a command.

use serde::{Deserialize, Serialize};

use super::content::{MAX_TEXTS, Texts};
use crate::ext_fields::{self, check_lengths, push_entry, retain_entries, text};
use crate::{ExtFields, HeaderError, RemotingCommand};

/// # Remark
impl RemotingCommand {
    /// Returns the remark: a text for people, usually the error text of a response. ROCKETMQ headers do not
    /// distinguish an empty remark from an absent one.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.remark_bytes().map(text)
    }

    /// Sets the remark, and cuts it after 2 GiB, more than any header can carry.
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, ResponseCode};
    ///
    /// let response = RemotingCommand::response(ResponseCode::TOPIC_NOT_EXIST).with_remark("no route");
    /// assert_eq!(response.remark(), Some("no route"));
    /// ```
    #[must_use]
    #[inline]
    pub fn with_remark(mut self, remark: impl AsRef<str>) -> Self {
        self.set_remark(Some(remark.as_ref()));
        self
    }

    /// Sets or removes the remark, like [`with_remark`](Self::with_remark).
    pub fn set_remark(&mut self, remark: Option<&str>) {
        if remark.is_none() && self.remark_bytes().is_none() {
            return;
        }
        if let Some(remark) = remark
            && self.is_bare()
        {
            let remark = prefix(remark, MAX_TEXTS).as_bytes();
            return self.put_texts(remark.to_vec(), remark.len(), remark.len(), Texts::REMARK);
        }
        self.replace_remark(remark);
    }

    /// Replaces the remark before the ext fields.
    #[inline(never)]
    fn replace_remark(&mut self, remark: Option<&str>) {
        let old = self.remark_end();
        let mut texts = self.take_texts(remark.map_or(0, str::len));
        let most = MAX_TEXTS - (texts.len() - old);
        let remark = remark.map(|remark| prefix(remark, most).as_bytes());
        self.clear(Texts::REMARK);
        let present = Texts::REMARK.when(remark.is_some());
        let remark = remark.unwrap_or_default();
        let (end, length) = (texts.len(), texts.len() - old + remark.len());
        texts.resize(end.max(length), 0);
        texts.copy_within(old..end, remark.len());
        texts.truncate(length);
        texts[..remark.len()].copy_from_slice(remark);
        self.put_texts(texts, length, remark.len(), present);
    }
}

/// Returns the longest prefix of `text` of at most `most` bytes.
fn prefix(text: &str, most: usize) -> &str {
    (0..4).find_map(|less| text.get(..most.min(text.len()).saturating_sub(less))).unwrap_or_default()
}

/// # Ext fields
impl RemotingCommand {
    /// Returns the ext fields, or `None` if the command has no map. A JSON header distinguishes an empty map from
    /// an absent one, a ROCKETMQ header does not.
    #[must_use]
    pub fn ext_fields(&self) -> Option<ExtFields<'_>> {
        self.ext_fields_in_place()
    }

    /// Returns the value of an ext field, the last one if the key is repeated.
    #[must_use]
    pub fn ext_field(&self, key: &str) -> Option<&str> {
        self.ext_fields()?.get(key)
    }

    /// Sets an ext field, replacing fields with the same key.
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, RequestCode};
    ///
    /// let request = RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC)
    ///     .with_ext_field("topic", "TopicTest")?;
    /// assert_eq!(request.ext_field("topic"), Some("TopicTest"));
    /// # Ok::<(), remoting_protocol::HeaderError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`set_ext_field`](Self::set_ext_field).
    #[inline]
    pub fn with_ext_field(mut self, key: &str, value: &str) -> Result<Self, HeaderError> {
        self.set_ext_field(key, value)?;
        Ok(self)
    }

    /// Sets an ext field: removes the fields with the same key, then appends the new one.
    ///
    /// # Errors
    ///
    /// Returns [`HeaderError::KeyTooLong`] if the key has more than 32 767 bytes, and [`HeaderError::ValueTooLong`]
    /// if no header can carry the value. The command is then unchanged.
    pub fn set_ext_field(&mut self, key: &str, value: &str) -> Result<(), HeaderError> {
        check_lengths(key.as_bytes(), value.len())?;
        let entry = 6 + key.len() + value.len();
        self.check_capacity(key, entry)?;
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(entry);
        retain_entries(&mut texts, remark_end, |other| other != key.as_bytes());
        push_entry(&mut texts, key.as_bytes(), value.as_bytes());
        self.put_texts_to_end(texts, remark_end, Texts::EXT_FIELDS);
        Ok(())
    }

    /// Removes an ext field and its duplicates. Returns whether the command had the field.
    pub fn remove_ext_field(&mut self, key: &str) -> bool {
        let Some(fields) = self.ext_fields() else { return false };
        if !fields.has_key(key) {
            return false;
        }
        let found = fields.contains_key(key);
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(0);
        retain_entries(&mut texts, remark_end, |other| other != key.as_bytes());
        self.put_texts_to_end(texts, remark_end, Texts::EXT_FIELDS);
        found
    }

    /// Replaces all ext fields, for example by those of another command, or removes them. Null fields are omitted,
    /// as in Java.
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
        self.clear(Texts::EXT_FIELDS);
        for (key, value) in fields.iter().flat_map(ExtFields::live_entries) {
            push_entry(&mut texts, key, value);
        }
        self.put_texts_to_end(texts, remark_end, Texts::EXT_FIELDS.when(fields.is_some()));
    }

    /// Rejects `more` bytes of ext fields if a [`Layout`](super::Layout) cannot hold their position.
    fn check_capacity(&self, key: &str, more: usize) -> Result<(), HeaderError> {
        if self.layout.ext_end as usize + more > MAX_TEXTS {
            return Err(HeaderError::ValueTooLong { field: key.to_owned(), length: more });
        }
        Ok(())
    }
}

/// # Typed headers
impl RemotingCommand {
    /// Reads the ext fields as a typed header. Equivalent of Java's `decodeCommandCustomHeader`.
    ///
    /// `H` may borrow its strings from the command. Absent ext fields are read as an empty map, so an `H` with only
    /// optional fields is still read.
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
    /// Returns [`HeaderError::Missing`] if a required field is absent, and [`HeaderError::Malformed`] if the text
    /// of a field does not have the type of the field. Java logs these errors and continues with defaults.
    pub fn header<'de, H: Deserialize<'de>>(&'de self) -> Result<H, HeaderError> {
        ext_fields::read_header(self.ext_fields().unwrap_or_default())
    }

    /// Sets the fields of a typed header as ext fields, replacing those with the same keys. `None` is omitted, as
    /// Java omits null.
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, RequestCode};
    ///
    /// #[derive(serde::Serialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct GetMaxOffsetRequestHeader<'a> {
    ///     topic: &'a str,
    ///     queue_id: i32,
    /// }
    ///
    /// let header = GetMaxOffsetRequestHeader { topic: "T", queue_id: 3 };
    /// let request = RemotingCommand::request(RequestCode::GET_MAX_OFFSET).with_header(&header)?;
    /// assert_eq!(request.ext_field("queueId"), Some("3"));
    /// # Ok::<(), remoting_protocol::HeaderError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`HeaderError::NotAMap`] if the header is not a struct or a map, [`HeaderError::Unsupported`] if a
    /// field is not text, a number, a bool, a char or a unit enum, and [`HeaderError::KeyTooLong`] or
    /// [`HeaderError::ValueTooLong`] if no header can carry a field.
    #[inline(always)]
    pub fn with_header<H: Serialize + ?Sized>(mut self, header: &H) -> Result<Self, HeaderError> {
        self.set_header(header)?;
        Ok(self)
    }

    /// Sets the fields of a typed header, like [`with_header`](Self::with_header).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`with_header`](Self::with_header). The command is then unchanged.
    #[inline(always)]
    pub fn set_header<H: Serialize + ?Sized>(&mut self, header: &H) -> Result<(), HeaderError> {
        let mut entries = Vec::new();
        let end = ext_fields::write_header(header, &mut entries)?;
        if self.is_bare() && end <= MAX_TEXTS {
            self.put_texts(entries, end, 0, Texts::EXT_FIELDS);
            return Ok(());
        }
        self.merge(&entries[..end])
    }

    /// Adds entries, replacing those with the same keys.
    #[inline(never)]
    fn merge(&mut self, entries: &[u8]) -> Result<(), HeaderError> {
        self.check_capacity("", entries.len())?;
        let remark_end = self.remark_end();
        let mut texts = self.take_texts(entries.len());
        let added = ExtFields::new(entries, false);
        retain_entries(&mut texts, remark_end, |key| !added.has_key(text(key)));
        texts.extend_from_slice(entries);
        self.put_texts_to_end(texts, remark_end, Texts::EXT_FIELDS);
        Ok(())
    }
}
