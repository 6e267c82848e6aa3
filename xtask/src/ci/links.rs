//! Checks that links between the documents have valid targets.

mod document;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use self::document::{anchors, links};
use crate::cargo::workspace_root;

/// The URL of the project's files: links in the READMEs of crates begin with it.
const PUBLISHED: [&str; 2] = [
    "https://github.com/rocketmq-rs/remoting/blob/main/",
    "https://github.com/rocketmq-rs/remoting/tree/main/",
];

/// Folders with third-party files.
const NOT_OURS: [&str; 3] = ["target", ".git", "node_modules"];

pub(super) fn check() -> anyhow::Result<()> {
    let root = workspace_root();
    let mut documents = Vec::new();
    find_documents(root, &mut documents).context("cannot list the documents")?;
    ensure!(!documents.is_empty(), "no documents were found");
    let mut broken = Vec::new();
    let mut checked = 0;
    for document in &documents {
        let text =
            fs::read_to_string(document).with_context(|| format!("cannot read {}", document.display()))?;
        for link in links(&text) {
            let Some(local) = Target::of(&link, document, root) else { continue };
            checked += 1;
            if let Some(why) = local.fault()? {
                let document = document.strip_prefix(root).unwrap_or(document);
                broken.push(format!("{}: {link}: {why}", document.display()));
            }
        }
    }
    ensure!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
    println!("{checked} links in {} documents are valid", documents.len());
    Ok(())
}

/// A file of the project, and optionally a heading in it.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    file: PathBuf,
    anchor: Option<String>,
}

impl Target {
    /// Resolves a link in a document. Returns `None` if it leads out of the project.
    fn of(link: &str, document: &Path, root: &Path) -> Option<Self> {
        let published = PUBLISHED.iter().find_map(|prefix| link.strip_prefix(prefix));
        if published.is_none() && (link.contains("://") || link.starts_with("mailto:")) {
            return None;
        }
        let (path, anchor) = match published.unwrap_or(link).split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (published.unwrap_or(link), None),
        };
        let file = match (published, path) {
            (Some(_), path) => root.join(path),
            (None, "") => document.to_owned(),
            (None, path) => document.parent().unwrap_or(root).join(path),
        };
        Some(Self { file, anchor })
    }

    /// Returns the fault of the link, if any.
    fn fault(&self) -> anyhow::Result<Option<String>> {
        if !self.file.exists() {
            return Ok(Some("there is no such file".to_owned()));
        }
        let Some(anchor) = &self.anchor else { return Ok(None) };
        if self.file.extension().is_none_or(|extension| extension != "md") {
            return Ok(None); // a line of a source, say
        }
        let text = fs::read_to_string(&self.file)?;
        Ok((!anchors(&text).contains(anchor)).then(|| format!("there is no heading #{anchor}")))
    }
}

fn find_documents(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !NOT_OURS.contains(&&*name) {
            find_documents(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(())
}
