//! The links and headings of a Markdown document, for the syntax that the project uses.

use std::collections::HashMap;

/// Returns the targets of links and images, in order. Code is skipped.
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

/// Returns the anchors of the headings, as GitHub makes them.
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

/// Returns the text with links replaced by their names.
fn without_targets(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find("](") {
        plain.push_str(&rest[..begin]);
        rest = rest[begin..].split_once(')').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// Returns the lines outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// Returns a line without its inline code.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}
