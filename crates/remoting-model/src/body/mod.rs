//! Bodies that are JSON documents.
