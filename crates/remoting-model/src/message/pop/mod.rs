//! What POP says about the messages that it returns: texts in headers and properties.

mod extra_info;
mod offsets;
mod order;
mod topic;

#[cfg(test)]
mod tests;

use std::str::FromStr;

use thiserror::Error;

pub use self::extra_info::ExtraInfo;
pub use self::offsets::{MsgOffsetInfo, PopQueue, StartOffsetInfo};
pub use self::order::{OrderCountInfo, OrderCountKey, lite_order_counts};
pub use self::topic::PopTopic;

/// The text is not the information that was expected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BadPopInfo {
    /// There are not as many parts as there should be.
    #[error("{parts} parts instead of {expected}")]
    #[non_exhaustive]
    Parts {
        /// The number of parts.
        parts: usize,
        /// The expected number.
        expected: &'static str,
    },
    /// A part is malformed.
    #[error("{part} is malformed")]
    Malformed {
        /// The part, with an article.
        part: &'static str,
    },
    /// A queue or a message occurs twice.
    #[error("a queue or a message occurs twice")]
    Repeated,
}

fn parse<T: FromStr>(text: &str, part: &'static str) -> Result<T, BadPopInfo> {
    text.parse().map_err(|_| BadPopInfo::Malformed { part })
}

/// Returns the entries of a list, three parts each. Separators at the end do not count, as in Java.
fn entries(text: &str) -> impl Iterator<Item = Result<[&str; 3], BadPopInfo>> {
    let text = text.trim_end_matches(';');
    text.split(';').filter(move |_| !text.is_empty()).map(|entry| {
        let parts: Vec<&str> = entry.trim_end_matches(' ').splitn(5, ' ').collect();
        <[&str; 3]>::try_from(parts).map_err(|parts| BadPopInfo::Parts { parts: parts.len(), expected: "3" })
    })
}
