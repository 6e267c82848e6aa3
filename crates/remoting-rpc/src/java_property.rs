//! Java system properties in environment variables.

/// Returns a Java system property from the environment: under its own name (`env com.rocketmq.…=…`) or, since
/// shells cannot export such a name, with an underscore for each character that is neither a letter nor a
/// digit.
pub(crate) fn java_property_from_env(name: &str) -> Option<String> {
    let exported = || name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    std::env::var(name).or_else(|_| std::env::var(exported())).ok()
}
