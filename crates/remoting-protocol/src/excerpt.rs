//! Excerpts of long data for `Debug`.

use std::fmt;

/// Prints the number of bytes and the first 16.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 16;
        let shown = self.0.get(..SHOWN).unwrap_or(self.0);
        let more = if shown.len() < self.0.len() { "…" } else { "" };
        write!(f, "{} bytes \"{}{more}\"", self.0.len(), shown.escape_ascii())
    }
}

/// Prints at most 256 characters, followed by the length of the text if it is longer.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 256;
        match self.0.char_indices().nth(SHOWN) {
            None => fmt::Debug::fmt(self.0, f),
            Some((end, _)) => write!(f, "{:?}… ({} bytes)", &self.0[..end], self.0.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Body, RemotingCommand, RequestCode};

    #[test]
    fn debug_prints_only_the_first_bytes_of_a_body() {
        assert_eq!(format!("{:?}", Body::from(b"to\0be")), r#"5 bytes "to\x00be""#);
        let body = [b"sixteen and more".repeat(1000), b"secret".to_vec()].concat();
        let command = RemotingCommand::request(RequestCode::SEND_MESSAGE).with_body(body);
        let shown = format!("{command:?}");
        assert!(shown.contains(r#"body: 16006 bytes "sixteen and more…""#), "{shown}");
        assert!(shown.len() < 300, "{shown}");
        // The same holds for errors that contain a command.
        assert!(!format!("{:?}", Some(command)).contains("secret"));
    }

    #[test]
    fn debug_prints_only_the_start_of_a_long_text() {
        let command = RemotingCommand::request(RequestCode::SEND_MESSAGE)
            .with_remark("é".repeat(1000))
            .with_ext_field("properties", &"x".repeat(1 << 20))
            .unwrap();
        let shown = format!("{command:?}");
        assert!(shown.contains("… (2000 bytes)") && shown.contains("… (1048576 bytes)"), "{shown}");
        assert!(shown.len() < 2000, "{shown}");
    }
}
