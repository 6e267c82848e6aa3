//! Settings that the environment gives under the names of Java system properties.

/// A Java system property from the environment: under its own name (`env com.rocketmq.…=…`) or, since shells
/// cannot export such a name, with every character that is no letter or digit as an underscore.
pub(crate) fn java_property_from_env(name: &str) -> Option<String> {
    let exported = || name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    std::env::var(name).or_else(|_| std::env::var(exported())).ok()
}
