//! The paths that a source names, as far as they lead into its own crate.

use crate::tokens::{tokens, without_tests};

/// What one module names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imports {
    /// Paths from the crate's root, such as `["channel", "Channel"]`, in the order in which they stand. A `*` ends one
    /// that takes all.
    pub(crate) paths: Vec<Vec<String>>,
    /// What a name means in this module because of a `use`: the name, and its path from the crate's root, or `None` if
    /// it leads out of the crate.
    pub(crate) names: Vec<(String, Option<Vec<String>>)>,
}

/// Reads the source of a module, whose path from the crate's root is `module`. `children` tells whether a name is a
/// module below it.
pub(crate) fn imports(source: &str, module: &[String], children: impl Fn(&str) -> bool) -> Imports {
    let tokens = without_tests(&tokens(source));
    let mut imports = Imports::default();
    // The inline modules that are open, each with the depth of its brace.
    let mut inline: Vec<(usize, String)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        let here = || -> Vec<String> {
            module.iter().cloned().chain(inline.iter().map(|(_, name)| name.clone())).collect()
        };
        match &*tokens[at] {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inline.pop_if(|(opened, _)| *opened == depth);
            }
            "mod" if tokens.get(at + 2).is_some_and(|token| token == "{") => {
                inline.push((depth, tokens[at + 1].clone()));
            }
            "use" if tokens.get(at + 1).is_some_and(|token| token != "<") => {
                let end = at + tokens[at..].iter().position(|token| token == ";").unwrap_or(1);
                let mut leaves = Vec::new();
                tree(&tokens[at + 1..end], &mut Vec::new(), &mut leaves);
                for (path, name) in leaves {
                    let resolved = from_root(&path, &here(), &children);
                    imports.paths.extend(resolved.clone());
                    if inline.is_empty() {
                        imports.names.push((name, resolved));
                    }
                }
                at = end;
            }
            "crate" | "super" | "self"
                if tokens.get(at + 1).is_some_and(|token| token == "::")
                    && !matches!(at.checked_sub(1).map(|before| &*tokens[before]), Some("::" | "in")) =>
            {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && let Some(next) = tokens.get(at + 2).filter(|next| is_word(next))
                {
                    path.push(next.clone());
                    at += 2;
                }
                imports.paths.extend(from_root(&path, &here(), &children));
            }
            _ => {}
        }
        at += 1;
    }
    imports
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The leaves of a `use` tree: each path, and the name that it has here.
fn tree(tokens: &[String], prefix: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    let before = prefix.len();
    let mut at = 0;
    while at < tokens.len() {
        match &*tokens[at] {
            "{" => {
                let mut depth = 0;
                let mut start = at + 1;
                for end in at..tokens.len() {
                    match &*tokens[end] {
                        "{" => depth += 1,
                        "}" => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 || depth == 1 && tokens[end] == "," {
                        if start < end {
                            tree(&tokens[start..end], prefix, leaves);
                        }
                        start = end + 1;
                    }
                }
                prefix.truncate(before);
                return;
            }
            "as" => {
                leaves.push((prefix.clone(), tokens[at + 1].clone()));
                prefix.truncate(before);
                return;
            }
            "::" => {}
            // `{self}` names the module itself.
            "self" if !prefix.is_empty() => {}
            word => prefix.push(word.to_owned()),
        }
        at += 1;
    }
    if let Some(name) = prefix.last() {
        leaves.push((prefix.clone(), name.clone()));
    }
    prefix.truncate(before);
}

/// The path from the crate's root; `None`: it leads elsewhere.
fn from_root(path: &[String], here: &[String], children: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let mut base = here.to_vec();
    let mut rest = path;
    match rest.first().map(String::as_str)? {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            base.pop()?;
        }
        name if children(name) => return Some([base.as_slice(), rest].concat()),
        _ => return None,
    }
    rest = &rest[1..];
    while let [first, after @ ..] = rest
        && first == "super"
    {
        base.pop()?;
        rest = after;
    }
    base.extend_from_slice(rest);
    Some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(source: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<_> = module.iter().map(|&name| name.to_owned()).collect();
        let paths = imports(source, &module, |name| name == "child").paths;
        paths.into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn a_use_tree_is_followed_into_its_branches() {
        let source = "
            use std::{fmt, io};
            use crate::{a::{self, b::{C, D as E}}, f::*};
            pub(in crate::hidden) use super::{g, super::h};
            pub use self::child::I;
            use child::J;
        ";
        assert_eq!(
            named(source, &["x", "y"]),
            ["a", "a::b::C", "a::b::D", "f::*", "x::g", "h", "x::y::child::I", "x::y::child::J"]
        );
    }

    #[test]
    fn paths_in_the_middle_of_code_count() {
        let source = "fn f(a: crate::a::A) -> Vec<super::B> { $crate::c::d!(self.x, a.b::<u8>()) } struct S { s: self::child::K }";
        assert_eq!(named(source, &["x", "y"]), ["a::A", "x::B", "c::d", "x::y::child::K"]);
    }

    #[test]
    fn an_inline_module_is_one_more_level() {
        let source = "mod inner { use super::a; fn f() { super::super::b() } } use super::c;";
        assert_eq!(named(source, &["x", "y"]), ["x::y::a", "x::b", "x::c"]);
    }

    #[test]
    fn tests_comments_and_texts_name_nothing() {
        let source = r#"
            //! [crate::a]
            #[cfg(test)] mod tests { use crate::b; }
            const TEXT: &str = "crate::c";
        "#;
        assert_eq!(named(source, &["x"]), [""; 0]);
    }
}
