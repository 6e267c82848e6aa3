//! The links and headings of a Markdown document, as far as those of the project go.

use std::collections::HashMap;

/// The targets of its links and pictures, in their order. What stands in code is none.
pub(super) fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let line = without_code(line);
        let mut rest = &*line;
        while let Some(begin) = rest.find("](") {
            rest = &rest[begin + 2..];
            let Some(end) = rest.find(')') else { break };
            // A title may follow.
            found.extend(rest[..end].split_whitespace().next().map(ToOwned::to_owned));
            rest = &rest[end..];
        }
        // `[name]: target`
        if let Some((name, target)) = line.trim_start().split_once("]: ")
            && name.starts_with('[')
        {
            found.extend(target.split_whitespace().next().map(ToOwned::to_owned));
        }
        for attribute in ["src=\"", "srcset=\"", "href=\""] {
            let values = line.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(values.map(ToOwned::to_owned));
        }
    }
    found
}

/// The anchors that its headings have on GitHub.
pub(super) fn anchors(text: &str) -> Vec<String> {
    let mut times: HashMap<String, usize> = HashMap::new();
    let headings = prose(text).filter_map(|line| {
        let heading = line.trim_start_matches('#');
        (heading.len() < line.len() && heading.starts_with(' ')).then(|| heading.trim())
    });
    headings
        .map(|heading| {
            let anchor = anchor(heading);
            let before = times.entry(anchor.clone()).or_default();
            *before += 1;
            if *before == 1 { anchor } else { format!("{anchor}-{}", *before - 1) }
        })
        .collect()
}

fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    without_targets(heading)
        .to_lowercase()
        .chars()
        .filter(kept)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// A text whose links are only their names.
fn without_targets(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find("](") {
        plain.push_str(&rest[..begin]);
        rest = rest[begin..].split_once(')').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// The lines that stand in no block of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// A line without what stands between backquotes.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}
