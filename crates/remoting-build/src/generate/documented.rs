use prost_build::Comments;

/// Returns comments as lines of documentation.
pub(super) fn documentation(comments: &Comments) -> String {
    // Blocks that are detached describe the file, not the item below them.
    let comments = Comments { leading_detached: Vec::new(), ..comments.clone() };
    let mut lines = String::new();
    comments.append_with_indent(0, &mut lines);
    lines
}
