//! Paths of modules in Rust.

/// The keywords that no part of a path can be. `crate`, `self` and `super` can.
const KEYWORDS: [&str; 49] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// Returns whether the text is the path of a module, with names in ASCII.
pub(crate) fn is_module_path(text: &str) -> bool {
    text.strip_prefix("::").unwrap_or(text).split("::").all(is_part)
}

fn is_part(part: &str) -> bool {
    match part.strip_prefix("r#") {
        Some(name) => is_name(name) && !["_", "Self", "crate", "self", "super"].contains(&name),
        None => is_name(part) && !KEYWORDS.contains(&part),
    }
}

fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_names_between_double_colons() {
        for path in
            ["::remoting::service", "remoting_service", "crate::rt", "super::super::x2", "_a::r#type", "A"]
        {
            assert!(is_module_path(path), "{path}");
        }
        for text in [
            "", "::", "::a::", "a::::b", "a:b", "a.b", "a b", " a", "2a", "a-b", "a::<b>", "a;", "a::b!",
            "type", "a::fn", "_", "r#_", "r#self", "r#", "Self", "ä", "a::{b}", "a//",
        ] {
            assert!(!is_module_path(text), "{text:?}");
        }
    }
}
