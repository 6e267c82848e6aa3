//! The rooms of a crate, which are the folders and files at its top, and what each imports of the others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::imports::{Imports, imports};

/// The modules of a crate by their paths from its root, each with what it names.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    modules: BTreeMap<Vec<String>, Module>,
}

#[derive(Debug)]
struct Module {
    file: PathBuf,
    imports: Imports,
}

/// That a room, or a part of it, imports another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Where, and what: for the reader of a failure.
    pub(crate) because: String,
}

impl Crate {
    /// Reads the sources below a crate's `src`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut sources = Vec::new();
        for file in sources_below(src) {
            let path = file.strip_prefix(src).expect("it lies below");
            let is_test = |name: &str| name == "tests" || name == "tests.rs";
            if !path.iter().any(|name| is_test(&name.to_string_lossy())) {
                let text = fs::read_to_string(&file).expect("a readable source");
                sources.push((path.to_owned(), text));
            }
        }
        Self::of(sources)
    }

    /// The modules of these files, each with its path below `src` and its text.
    pub(crate) fn of(sources: Vec<(PathBuf, String)>) -> Self {
        let paths: BTreeSet<_> = sources.iter().map(|(file, _)| module_path(file)).collect();
        let modules = sources.into_iter().map(|(file, text)| {
            let path = module_path(&file);
            let is_child = |name: &str| paths.contains(&[path.as_slice(), &[name.to_owned()]].concat());
            let imports = imports(&text, &path, is_child);
            (path, Module { file, imports })
        });
        Self { modules: modules.collect() }
    }

    /// The module that an item is defined in, through the re-exports on the way; `None`: another crate.
    fn defined_in(&self, path: &[String]) -> Option<Vec<String>> {
        self.follow(path, 0)
    }

    fn follow(&self, path: &[String], depth: usize) -> Option<Vec<String>> {
        assert!(depth < 32, "re-exports that lead to each other: {path:?}");
        let mut at: Vec<String> = Vec::new();
        for (index, name) in path.iter().enumerate() {
            let below = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&below) {
                at = below;
                continue;
            }
            let names = self.modules.get(&at).map_or(&[][..], |module| &module.imports.names);
            let Some((_, meaning)) = names.iter().find(|(known, _)| known == name) else { break };
            let target = [meaning.as_deref()?, &path[index + 1..]].concat();
            return if target == path { Some(at) } else { self.follow(&target, depth + 1) };
        }
        Some(at)
    }

    /// The parts of the folder at `folder`, which is empty for the crate: its folders and files.
    pub(crate) fn rooms(&self, folder: &[String]) -> BTreeSet<&str> {
        let below = self.modules.keys().filter(|path| path.len() > folder.len() && path.starts_with(folder));
        below.map(|path| &*path[folder.len()]).collect()
    }

    /// All folders, the crate's own first.
    pub(crate) fn folders(&self) -> BTreeSet<Vec<String>> {
        self.modules.keys().filter_map(|path| Some(path.split_last()?.1.to_vec())).collect()
    }

    /// What the parts of a folder import of each other, once for each pair.
    pub(crate) fn arrows(&self, folder: &[String]) -> Vec<Arrow> {
        let mut arrows = BTreeMap::new();
        for (path, module) in &self.modules {
            let Some(from) = path.strip_prefix(folder).and_then(|rest| rest.first()) else { continue };
            for import in &module.imports.paths {
                let Some(target) = self.defined_in(import) else { continue };
                let Some(to) = target.strip_prefix(folder).and_then(|rest| rest.first()) else { continue };
                if from != to {
                    let because = format!("{} names {}", module.file.display(), import.join("::"));
                    arrows.entry((from.clone(), to.clone())).or_insert(because);
                }
            }
        }
        let arrow = |((from, to), because)| Arrow { from, to, because };
        arrows.into_iter().map(arrow).collect()
    }
}

/// All Rust sources below a folder, in order.
pub(crate) fn sources_below(folder: &Path) -> Vec<PathBuf> {
    let mut open = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a readable folder");
            open.extend(entries.map(|entry| entry.expect("a readable folder").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// `driver/flush.rs` is the module `driver::flush`, `driver/mod.rs` is `driver`, `lib.rs` the root.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<_> =
        file.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        path.pop();
    }
    path
}

/// The sets of rooms that import each other in a circle, each in alphabetic order.
pub(crate) fn circles(arrows: &[Arrow]) -> Vec<Vec<String>> {
    let rooms: BTreeSet<&str> = arrows.iter().map(|arrow| &*arrow.from).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        rooms.iter().map(|room| (*room, reached(arrows, room))).collect();
    let mut circles = BTreeSet::new();
    for room in rooms.iter().filter(|room| reached[*room].contains(*room)) {
        let mutual =
            rooms.iter().filter(|other| reached[*room].contains(*other) && reached[*other].contains(*room));
        circles.insert(mutual.map(|name| (*name).to_owned()).collect());
    }
    circles.into_iter().collect()
}

/// The rooms that a room imports, and those that these import, and so on.
fn reached<'a>(arrows: &'a [Arrow], from: &'a str) -> BTreeSet<&'a str> {
    let (mut open, mut reached) = (vec![from], BTreeSet::new());
    while let Some(room) = open.pop() {
        let next = arrows.iter().filter(|arrow| arrow.from == room);
        open.extend(next.map(|arrow| &*arrow.to).filter(|to| reached.insert(*to)));
    }
    reached
}

/// The arrows that lead up, or to a room that stands on no floor. `floors` are the rooms from the bottom up.
pub(crate) fn upward<'a>(arrows: &'a [Arrow], floors: &[String]) -> Vec<&'a Arrow> {
    let floor = |room: &str| floors.iter().position(|known| known == room);
    let leads_up = |arrow: &&Arrow| match (floor(&arrow.from), floor(&arrow.to)) {
        (Some(from), Some(to)) => to > from,
        _ => true,
    };
    arrows.iter().filter(leads_up).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(files: &[(&str, &str)]) -> Crate {
        Crate::of(files.iter().map(|(file, text)| (PathBuf::from(file), (*text).to_owned())).collect())
    }

    fn pairs(arrows: &[Arrow]) -> Vec<(&str, &str)> {
        arrows.iter().map(|arrow| (&*arrow.from, &*arrow.to)).collect()
    }

    #[test]
    fn a_name_is_followed_to_the_room_that_defines_it() {
        let sample = sample(&[
            ("lib.rs", "mod a; mod b; mod c; pub use self::{a::A, b::B as Renamed}; pub use std::fmt;"),
            ("a/mod.rs", "mod inner; pub use self::inner::A; use crate::fmt::Debug;"),
            ("a/inner.rs", "pub struct A;"),
            ("b.rs", "pub use crate::A; pub struct B;"),
            ("c.rs", "use crate::{Renamed, b::A};"),
        ]);
        assert_eq!(pairs(&sample.arrows(&[])), [("b", "a"), ("c", "a"), ("c", "b")]);
    }

    #[test]
    fn a_planted_circle_and_a_planted_import_upward_are_found() {
        let sample = sample(&[
            ("lib.rs", "mod low; mod high; mod top;"),
            ("low.rs", "fn f() { crate::high::g() }"),
            ("high/mod.rs", "use crate::low::f;"),
            ("top.rs", "use crate::high;"),
        ]);
        let arrows = sample.arrows(&[]);
        assert_eq!(circles(&arrows), [["high", "low"]]);
        let floors = ["low", "high", "top"].map(str::to_owned);
        let up = upward(&arrows, &floors);
        assert_eq!(up.len(), 1, "{up:?}");
        assert_eq!(up[0].because, "low.rs names high::g");
        assert_eq!(upward(&arrows, &floors[..2]).len(), 2, "a room on no floor is a failure too");
    }

    #[test]
    fn circles_inside_of_a_folder_are_found() {
        let sample = sample(&[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod b; mod c; use self::{b::B, c::C};"),
            ("a/b/mod.rs", "use super::c::C; use super::Defined;"),
            ("a/c.rs", "fn f() { super::b::g() }"),
        ]);
        assert_eq!(circles(&sample.arrows(&[])), [[""; 0]; 0]);
        assert_eq!(circles(&sample.arrows(&["a".to_owned()])), [["b", "c"]]);
    }

    #[test]
    fn rooms_without_a_circle_have_none() {
        let sample = sample(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", ""),
            ("b.rs", "use crate::a;"),
            ("c.rs", "use crate::{a, b};"),
        ]);
        assert_eq!(circles(&sample.arrows(&[])), [[""; 0]; 0]);
    }
}
