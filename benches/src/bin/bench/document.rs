//! `docs/benchmarks.md`, whose text is written by hand around generated tables; its chart, and the results as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::cargo::workspace_root;
use super::chart::{self, Background};
use super::results::Results;
use super::table::{Style, Table};
use super::tables;

/// What a table stands between: the first with its name and [`BEGIN_END`].
const BEGIN: &str = "<!-- table ";
const BEGIN_END: &str = " -->";
const END: &str = "<!-- end of table -->";

pub(super) fn write(results: &Results) -> anyhow::Result<()> {
    let docs = workspace_root().join("docs");
    // The results come first: a mistake in the document must not cost the run, and `--from` reads them.
    let json = serde_json::to_string(results).context("results as JSON")? + "\n";
    write_whole(&docs.join("benchmarks/results.json"), &json)?;
    let path = docs.join("benchmarks.md");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = fill(&text, &tables::groups(results)).with_context(|| format!("in {}", path.display()))?;
    write_whole(&path, &text)?;
    for background in Background::ALL {
        if let Some(svg) = chart::draw(results, background) {
            write_whole(&docs.join("benchmarks").join(background.file()), &svg)?;
        }
    }
    Ok(())
}

/// Puts a file in the place of another one, so that either of them is there as a whole.
fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text).with_context(|| format!("cannot write {}", new.display()))?;
    fs::rename(&new, path).with_context(|| format!("cannot replace {}", path.display()))
}

/// Replaces the tables that the text names, and nothing else.
fn fill(text: &str, groups: &[(&str, Table)]) -> anyhow::Result<String> {
    let mut parts = text.split(BEGIN);
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(BEGIN_END).context("a table without a name")?;
        let (_, rest) = rest.split_once(END).with_context(|| format!("no {END:?} behind table {name:?}"))?;
        let group = groups.iter().find(|(group, _)| *group == name);
        let (_, table) = group.with_context(|| format!("there is no table {name:?}"))?;
        let _ = write!(filled, "{BEGIN}{name}{BEGIN_END}\n{}{END}{rest}", table.render(Style::Markdown));
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::super::results::samples;
    use super::*;

    #[test]
    fn a_table_is_replaced_and_the_text_around_it_stays() {
        let mut table = Table::new(&["who"]);
        table.push(vec!["raw".to_owned()]);
        let groups = [("pinned", table)];
        let text = "Before.\n\n<!-- table pinned -->\nold\n<!-- end of table -->\n\nBehind.\n";
        let filled =
            "Before.\n\n<!-- table pinned -->\n| who |\n| --- |\n| raw |\n<!-- end of table -->\n\nBehind.\n";
        assert_eq!(fill(text, &groups).unwrap(), filled);
        assert_eq!(fill(filled, &groups).unwrap(), filled);
    }

    #[test]
    fn a_name_that_no_table_has_and_a_missing_end_are_errors() {
        for text in ["<!-- table pined --><!-- end of table -->", "<!-- table pinned -->"] {
            assert!(fill(text, &[("pinned", Table::new(&["who"]))]).is_err(), "{text}");
        }
    }

    #[test]
    fn the_document_has_all_tables() {
        let groups = tables::groups(&samples::results());
        let text = fs::read_to_string(workspace_root().join("docs/benchmarks.md")).unwrap();
        fill(&text, &groups).unwrap();
        for (name, _) in groups {
            assert!(text.contains(&format!("{BEGIN}{name}{BEGIN_END}")), "no table {name:?}");
        }
    }
}
