use super::*;

fn pairs(properties: &MessageProperties) -> Vec<(&str, &str)> {
    properties.iter().collect()
}

#[test]
fn the_wire_form_is_read_as_java_reads_it() {
    for (text, read) in [
        ("", vec![]),
        ("a\u{1}b\u{2}", vec![("a", "b")]),
        ("a\u{1}b", vec![("a", "b")]),
        ("a\u{1}b\u{1}c\u{2}", vec![("a", "b\u{1}c")]),
        ("\u{1}b\u{2}c\u{1}\u{2}d\u{2}\u{2}e\u{1}f\u{2}", vec![("e", "f")]),
        ("a\u{1}1\u{2}b\u{1}2\u{2}a\u{1}3\u{2}", vec![("b", "2"), ("a", "3")]),
        ("é\u{1}中\u{2}", vec![("é", "中")]),
    ] {
        assert_eq!(pairs(&MessageProperties::from_text(text)), read, "{text:?}");
    }
}

#[test]
fn the_last_of_many_repeated_names_counts() {
    let text: String = (0..1000).map(|n| format!("n{}\u{1}{n}\u{2}", n % 100)).collect();
    let properties = MessageProperties::from_text(&text);
    assert_eq!(properties.len(), 100);
    assert_eq!(properties.get("n7"), Some("907"));
}

#[test]
fn a_property_is_replaced_and_removed_among_others() {
    let mut properties =
        MessageProperties::from_text("junk\u{2}a\u{1}1\u{2}b\u{1}2\u{2}junk\u{2}c\u{1}3\u{2}");
    properties.insert("a", "longer");
    properties.insert("d", "4");
    assert_eq!(pairs(&properties), [("a", "longer"), ("b", "2"), ("c", "3"), ("d", "4")]);
    properties.insert("b", "");
    assert!(properties.remove("a") && !properties.remove("a"));
    assert_eq!(pairs(&properties), [("b", ""), ("c", "3"), ("d", "4")]);
    properties.remove("b");
    assert_eq!(properties.to_text().unwrap(), "c\u{1}3\u{2}d\u{1}4\u{2}");
}

#[test]
fn what_would_be_read_differently_is_not_written() {
    for (name, value) in [("", "v"), ("n", ""), ("n\u{1}", "v"), ("n\u{2}", "v"), ("n", "v\u{2}a\u{1}b")] {
        let properties = MessageProperties::from_iter([(name, value)]);
        let error = properties.to_text().unwrap_err();
        assert!(matches!(&error, MessageEncodeError::Property { name: bad, .. } if bad == name), "{error}");
    }
}

#[test]
fn properties_are_equal_in_any_order() {
    let text = "a\u{1}1\u{2}b\u{1}2\u{2}";
    assert_eq!(MessageProperties::from_iter([("b", "2"), ("a", "1")]), MessageProperties::from_text(text));
    assert_ne!(MessageProperties::from_iter([("b", "2"), ("a", "2")]), MessageProperties::from_text(text));
    assert_ne!(MessageProperties::from_iter([("b", "2")]), MessageProperties::from_text(text));
}

#[test]
fn a_malformed_number_is_treated_as_absent() {
    let mut properties = MessageProperties::from_iter([("DELAY", "soon"), ("TIMER_DELAY_SEC", "7")]);
    assert_eq!(properties.delay_time_level(), 0);
    assert_eq!(properties.delay_time_sec(), Some(7));
    properties.set_delay_time_level(3);
    assert_eq!(properties.delay_time_level(), 3);
}

#[test]
fn keys_are_separated_by_spaces() {
    let mut properties = MessageProperties::new();
    assert_eq!(properties.keys().count(), 0);
    properties.set_keys(["a", "b"]);
    assert_eq!(properties.get("KEYS"), Some("a b"));
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["a", "b"]);
}
