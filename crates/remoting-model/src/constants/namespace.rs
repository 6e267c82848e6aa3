//! Namespaces: prefixes that keep the topics and groups of several tenants apart.
//!
//! `orders` in the namespace `shop` is `shop%orders`, and its retry topic `%RETRY%shop%orders`. System topics and groups
//! have no namespace. Java: `NamespaceUtil`.

use std::borrow::Cow;

use super::topic::{DLQ_GROUP_TOPIC_PREFIX, RETRY_GROUP_TOPIC_PREFIX, is_system_resource};

/// What ends a namespace.
pub const NAMESPACE_SEPARATOR: char = '%';

/// Adds the namespace to a topic or group, behind the prefix of a retry or dead letter topic. Leaves a system topic or
/// group as it is, and a name that has the namespace already. An empty namespace adds nothing. Java:
/// `NamespaceUtil.wrapNamespace`.
#[must_use]
pub fn wrap_namespace<'a>(namespace: &str, name: &'a str) -> Cow<'a, str> {
    if namespace.is_empty() || name.is_empty() || is_system_resource(name) || has_namespace(name, namespace) {
        return Cow::Borrowed(name);
    }
    let (prefix, rest) = split_prefix(name);
    Cow::Owned(format!("{prefix}{namespace}{NAMESPACE_SEPARATOR}{rest}"))
}

/// Removes the namespace from a topic or group, whatever the namespace is. Java: `NamespaceUtil.withoutNamespace`.
#[must_use]
pub fn without_namespace(name: &str) -> Cow<'_, str> {
    if is_system_resource(name) {
        return Cow::Borrowed(name);
    }
    let (prefix, rest) = split_prefix(name);
    match rest.find(NAMESPACE_SEPARATOR) {
        None | Some(0) => Cow::Borrowed(name),
        Some(at) if prefix.is_empty() => Cow::Borrowed(&rest[at + 1..]),
        Some(at) => Cow::Owned(format!("{prefix}{}", &rest[at + 1..])),
    }
}

/// Returns the namespace of a topic or group, or an empty text if it has none. Java:
/// `NamespaceUtil.getNamespaceFromResource`.
#[must_use]
pub fn namespace_of(name: &str) -> &str {
    if is_system_resource(name) {
        return "";
    }
    let (_, rest) = split_prefix(name);
    rest.find(NAMESPACE_SEPARATOR).map_or("", |at| &rest[..at])
}

/// Returns whether a topic or group is in the namespace. Java: `NamespaceUtil.isAlreadyWithNamespace`.
#[must_use]
pub fn has_namespace(name: &str, namespace: &str) -> bool {
    !namespace.is_empty()
        && !is_system_resource(name)
        && split_prefix(name)
            .1
            .strip_prefix(namespace)
            .is_some_and(|rest| rest.starts_with(NAMESPACE_SEPARATOR))
}

/// Splits the prefix of a retry or dead letter topic off.
fn split_prefix(name: &str) -> (&str, &str) {
    for prefix in [RETRY_GROUP_TOPIC_PREFIX, DLQ_GROUP_TOPIC_PREFIX] {
        if name.starts_with(prefix) {
            return name.split_at(prefix.len());
        }
    }
    ("", name)
}
