//! Rust source as a list of tokens, without comments and literals.

/// The tokens of a source: words, and punctuation one character at a time, but for `::`, `->` and `=>`.
pub(crate) fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (len, is_token) = match first {
            _ if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
            _ if rest.starts_with("/*") => (block_comment(rest), false),
            '"' => (string(rest), false),
            '\'' => quote(rest),
            _ if first.is_whitespace() => (first.len_utf8(), false),
            _ if first.is_alphanumeric() || first == '_' => {
                let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                match raw_string(rest, word) {
                    Some(len) => (len, false),
                    // The prefix of a literal, as in `b"…"`: the literal is next.
                    None => (word, !matches!(&rest[word..], literal if literal.starts_with('"'))),
                }
            }
            _ if ["::", "->", "=>"].iter().any(|pair| rest.starts_with(pair)) => (2, true),
            _ => (first.len_utf8(), true),
        };
        if is_token {
            tokens.push(&rest[..len]);
        }
        rest = &rest[len..];
    }
    tokens
}

/// The length of a comment; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a literal in double quotes.
fn string(text: &str) -> usize {
    let mut escaped = true; // the opening quote ends nothing
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The length of a raw string whose prefix is the first `word` bytes of `text`.
fn raw_string(text: &str, word: usize) -> Option<usize> {
    if !matches!(&text[..word], "r" | "br" | "cr") {
        return None;
    }
    let hashes = text[word..].bytes().take_while(|byte| *byte == b'#').count();
    let open = word + hashes;
    if !text[open..].starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let end = text[open + 1..].find(&close).map(|at| open + 1 + at + close.len());
    Some(end.unwrap_or(text.len()))
}

/// A literal of one character, which is no token, or the apostrophe of a lifetime or label, which is one.
fn quote(text: &str) -> (usize, bool) {
    let mut inside = text[1..].char_indices();
    match inside.next() {
        Some((_, '\\')) => {
            inside.next();
            let end = inside.find(|(_, c)| *c == '\'').map_or(text.len(), |(at, _)| at + 2);
            (end, false)
        }
        Some((_, c)) if text[1 + c.len_utf8()..].starts_with('\'') => (2 + c.len_utf8(), false),
        _ => (1, true),
    }
}

/// Takes out what is compiled for tests only: each item, variant, arm or field behind `#[cfg(test)]`.
pub(crate) fn without_tests(tokens: &[&str]) -> Vec<String> {
    const CFG_TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].starts_with(&CFG_TEST) {
            at = end_of_item(tokens, at + CFG_TEST.len());
        } else {
            kept.push(tokens[at].to_owned());
            at += 1;
        }
    }
    kept
}

/// Where what begins at `at` ends.
fn end_of_item(tokens: &[&str], at: usize) -> usize {
    const ITEMS: [&str; 12] = [
        "async",
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "macro_rules",
        "mod",
        "static",
        "struct",
        "trait",
        "use",
    ];
    let mut at = at;
    // Further attributes, and the visibility.
    loop {
        match tokens.get(at) {
            Some(&"#") => at = group(tokens, at + 1),
            Some(&"pub") if tokens.get(at + 1) == Some(&"(") => at = group(tokens, at + 1),
            Some(&"pub") => at += 1,
            _ => break,
        }
    }
    let is_item = tokens.get(at).is_some_and(|word| ITEMS.contains(word));
    while let Some(token) = tokens.get(at) {
        match *token {
            "{" => {
                at = group(tokens, at);
                if !matches!(tokens.get(at), Some(&";" | &"," | &".")) {
                    return at;
                }
            }
            "(" | "[" => at = group(tokens, at),
            ")" | "]" | "}" => return at,
            ";" => return at + 1,
            "," if !is_item => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// Where the group in brackets that opens at `at` ends.
fn group(tokens: &[&str], at: usize) -> usize {
    let mut depth = 0;
    for (offset, token) in tokens[at..].iter().enumerate() {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + offset + 1;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_tokens() {
        let source = r##"
            //! use crate::a;
            /* use /* nested */ crate::b; */
            let text = ("use crate::c \" ;", r#"crate::"d""#, b"crate::e", 'x', '\'', '\u{1f}', "");
            fn f<'a>(x: &'a str) -> u8 { crate::g::h(x) }
        "##;
        assert_eq!(
            tokens(source).join(" "),
            "let text = ( , , , , , , ) ; fn f < ' a > ( x : & ' a str ) -> u8 { crate :: g :: h ( x ) }"
        );
    }

    #[test]
    fn what_is_for_tests_is_left_out_and_no_more() {
        let source = "
            #[cfg(test)] use crate::{a, b};
            use kept::one;
            #[cfg(test)] #[derive(Debug)] pub(crate) struct A<T, U> { t: T, u: U }
            enum E { #[cfg(test)] Gone(u8), Kept }
            fn f() { match e { #[cfg(test)] E::Gone(x) => match x { _ => gone(1) }, E::Kept => {} } }
            #[cfg(test)] fn gone<T, U>() -> T { crate::c() }
            #[cfg(test)] mod tests { use super::*; }
            #[cfg(any(test, feature = \"testing\"))] mod testing;
        ";
        assert_eq!(
            without_tests(&tokens(source)).join(" "),
            "use kept :: one ; enum E { Kept } fn f ( ) { match e { E :: Kept => { } } } \
             # [ cfg ( any ( test , feature = ) ) ] mod testing ;"
        );
    }
}
