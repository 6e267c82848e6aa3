//! Errors with their causes.

use std::error::Error;
use std::fmt;

/// Displays an error followed by its sources: `connect to 10.0.0.1:9876 failed: connection refused`.
///
/// The `Display` of an error in this workspace describes the failure of its own layer only; [`Error::source`]
/// returns the cause. Display the chain in a log line or a remark that needs the causes too.
///
/// A source is omitted if the text of the error before it ends with the text of the source: errors of other
/// libraries often quote their source.
///
/// ```
/// use remoting_protocol::ErrorChain;
///
/// let broken = std::io::Error::other(std::fmt::Error);
/// assert_eq!(ErrorChain(&broken).to_string(), "an error occurred when formatting an argument");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self.0.to_string();
        f.write_str(&last)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            let text = error.to_string();
            if !last.ends_with(&text) {
                write!(f, ": {text}")?;
                last = text;
            }
            source = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        source: Option<Box<Self>>,
    }

    fn layer(text: &'static str, source: Option<Layer>) -> Layer {
        Layer { text, source: source.map(Box::new) }
    }

    #[test]
    fn each_cause_is_displayed_once() {
        let error = layer("call failed", Some(layer("connect failed", Some(layer("refused", None)))));
        assert_eq!(ErrorChain(&error).to_string(), "call failed: connect failed: refused");
    }

    #[test]
    fn a_quoted_cause_is_not_repeated() {
        let error =
            layer("call failed: refused", Some(layer("refused", Some(layer("by the firewall", None)))));
        assert_eq!(ErrorChain(&error).to_string(), "call failed: refused: by the firewall");
    }
}
