/// Fills a template, in which `$name` stands for a value.
///
/// Values are filled in in their order. A value with text from elsewhere is the last: what looks like a name in it stays.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("${name}"), value))
}
