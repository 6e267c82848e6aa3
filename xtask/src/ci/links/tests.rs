use super::*;

#[test]
fn links_are_found_but_for_those_in_code() {
    let text =
        "[a](b.md) and [`c`](d.md#e \"title\") `[f](g)`\n```\n[h](i)\n```\n[j]: k.md\n<img src=\"l.svg\">\n";
    assert_eq!(links(text), ["b.md", "d.md#e", "k.md", "l.svg"]);
}

#[test]
fn headings_have_the_anchors_of_github() {
    let text =
        "# A `b`: c, d\n## [E](f.md) g_h\n# A b c d\n```\n# code\n```\n## Same\n## Same\n#no heading\n";
    assert_eq!(anchors(text), ["a-b-c-d", "e-g_h", "a-b-c-d-1", "same", "same-1"]);
}

#[test]
fn a_link_leads_from_its_document_or_from_the_root_of_what_is_published() {
    let (document, root) = (Path::new("/p/docs/a.md"), Path::new("/p"));
    let target = |link: &str| Target::of(link, document, root);
    let to = |file: &str, anchor: Option<&str>| {
        Some(Target { file: file.into(), anchor: anchor.map(ToOwned::to_owned) })
    };
    assert_eq!(target("b.md#c"), to("/p/docs/b.md", Some("c")));
    assert_eq!(target("#c"), to("/p/docs/a.md", Some("c")));
    assert_eq!(target(&format!("{}docs/b.md", PUBLISHED[0])), to("/p/docs/b.md", None));
    assert_eq!(target("https://example.org/b.md"), None);
}
