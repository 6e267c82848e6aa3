//! Stored messages, batches and message ids.
