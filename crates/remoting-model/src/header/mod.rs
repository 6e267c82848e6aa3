//! Typed headers.
