//! Keys, types and presence against the classes of Java.

use std::collections::BTreeSet;

use bytes::BytesMut;
use remoting_model::header::schema::{FieldKind, HeaderField, Presence};
use remoting_model::protocol::{FrameDecoder, FrameEncoder, HeaderError, SerializeType};

use crate::all::{self, Header};
use crate::dump::{self, JavaField, JavaHeader, RELEASES};

/// Texts with `@CFNotNull` that may be empty, and so absent over ROCKETMQ. The texts of all responses may be, too.
const MAY_BE_EMPTY: [(&str, &str); 3] = [
    ("PutKVConfigRequestHeader", "value"), // Java's name server stores it
    ("UpdateGlobalWhiteAddrsConfigRequestHeader", "globalWhiteAddrs"), // removes all addresses
    ("UpdateGlobalWhiteAddrsConfigRequestHeader", "aclFileFullPath"), // the default file
];

/// Returns the class of a header in the releases that have it, the oldest first.
fn of_java(header: &Header) -> Vec<(&'static str, &'static JavaHeader)> {
    RELEASES
        .into_iter()
        .filter_map(|release| Some((release, dump::headers(release).get(header.name)?)))
        .collect()
}

#[test]
fn every_header_of_every_release_has_a_struct_and_no_other_struct_exists() {
    let ours: BTreeSet<_> = all::ALL.iter().map(|header| header.name.to_owned()).collect();
    let mut theirs = BTreeSet::new();
    for release in RELEASES {
        let names: BTreeSet<_> = dump::headers(release).keys().cloned().collect();
        assert!(names.len() > 70, "{release} has {} headers", names.len());
        theirs.extend(names);
    }
    assert_eq!(ours, theirs);
    for header in all::ALL {
        assert_eq!((header.schema)().name, header.name);
    }
}

#[test]
fn the_keys_are_those_of_java() {
    let mut differences = Vec::new();
    for header in all::ALL {
        let ours: BTreeSet<_> = (header.schema)().fields.iter().map(|field| field.key.to_owned()).collect();
        let theirs: BTreeSet<_> =
            of_java(header).into_iter().flat_map(|(_, fields)| fields.keys().cloned()).collect();
        differences
            .extend(ours.difference(&theirs).map(|key| format!("{} has no {key} in Java", header.name)));
        differences.extend(theirs.difference(&ours).map(|key| format!("{} lacks {key}", header.name)));
    }
    assert_eq!(differences, [""; 0]);
}

#[test]
fn the_types_are_those_of_java_in_every_release() {
    let mut differences = Vec::new();
    for header in all::ALL {
        for field in (header.schema)().fields {
            let ours = java_type(&field);
            for (release, fields) in of_java(header) {
                let Some(theirs) = fields.get(field.key) else { continue };
                let theirs = boxed(&theirs.java_type);
                if ours != theirs {
                    differences
                        .push(format!("{} {}: {ours}, {release} has {theirs}", header.name, field.key));
                }
            }
        }
    }
    assert_eq!(differences, [""; 0]);
}

fn java_type(field: &HeaderField) -> String {
    match field.kind {
        FieldKind::String => "String".to_owned(),
        FieldKind::Int => "Integer".to_owned(),
        FieldKind::Long => "Long".to_owned(),
        FieldKind::Bool => "Boolean".to_owned(),
        FieldKind::Double => "Double".to_owned(),
        FieldKind::Enum(names) => format!("BoundaryType({})", names.join("|")),
        other => panic!("{}: {other:?}", field.key),
    }
}

fn boxed(java_type: &str) -> &str {
    match java_type {
        "int" => "Integer",
        "long" => "Long",
        "boolean" => "Boolean",
        "double" => "Double",
        other => other,
    }
}

#[test]
fn a_field_is_required_exactly_if_java_marks_it_in_every_release_and_has_no_value_for_it() {
    let mut differences = Vec::new();
    for header in all::ALL {
        let classes = of_java(header);
        for field in (header.schema)().fields {
            let in_java: Vec<_> = classes.iter().map(|(_, fields)| fields.get(field.key)).collect();
            let expected = presence(header.name, field.key, &in_java);
            if field.presence != expected {
                let presence = field.presence;
                differences.push(format!("{} {}: {presence:?}, not {expected:?}", header.name, field.key));
            }
        }
    }
    assert_eq!(differences, [""; 0]);
}

/// Returns the presence that follows from the fields of this key in the releases that have the header.
fn presence(header: &str, key: &str, in_java: &[Option<&JavaField>]) -> Presence {
    let has_value = |field: &&JavaField| field.is_primitive() || field.initial.is_some();
    if in_java.iter().flatten().all(has_value) {
        return Presence::Default;
    }
    if !in_java.iter().all(|field| field.is_some_and(|field| field.not_null)) {
        return Presence::Optional;
    }
    let is_text = in_java.iter().flatten().all(|field| field.java_type == "String");
    if is_text && (header.ends_with("ResponseHeader") || MAY_BE_EMPTY.contains(&(header, key))) {
        return Presence::Default;
    }
    Presence::Required
}

#[test]
fn the_default_of_a_field_is_what_the_constructor_of_java_leaves() {
    let mut differences = Vec::new();
    for header in all::ALL {
        let written = (header.write_default)();
        for field in (header.schema)().fields {
            let in_java = of_java(header).into_iter().rev().find_map(|(_, fields)| fields.get(field.key));
            let initial = in_java.and_then(|field| field.initial.as_deref());
            let expected = match (field.presence, initial, field.kind) {
                (Presence::Optional, None, _) => None,
                (_, Some("''"), _) | (_, None, FieldKind::String) => Some(""),
                (_, Some("now") | None, FieldKind::Int | FieldKind::Long) => Some("0"),
                (_, None, FieldKind::Bool) => Some("false"),
                (_, initial, _) => initial,
            };
            let ours = written.ext_field(field.key);
            if ours != expected {
                differences.push(format!("{} {}: {ours:?}, not {expected:?}", header.name, field.key));
            }
        }
    }
    assert_eq!(differences, [""; 0]);
}

#[test]
fn absent_fields_with_a_default_are_read_as_that_default() {
    for header in all::ALL {
        let mut command = (header.write_default)();
        let expected = command.clone();
        for field in (header.schema)().fields {
            if field.presence != Presence::Required {
                command.remove_ext_field(field.key);
            }
        }
        let read = (header.rewrite)(&command).unwrap();
        assert_eq!(read.ext_fields(), expected.ext_fields(), "{}", header.name);
    }
}

#[test]
fn an_empty_text_over_rocketmq_is_missing_in_a_request_and_read_in_a_response() {
    let over_rocketmq = |name: &str| {
        let header = all::ALL.iter().find(|header| header.name == name).unwrap();
        let command = (header.write_default)().with_serialize_type(SerializeType::RocketMq);
        let mut frame = BytesMut::new();
        FrameEncoder::default().encode(&command, &mut frame).unwrap();
        (header.rewrite)(&FrameDecoder::default().decode(&mut frame).unwrap().unwrap())
    };
    let error = over_rocketmq("DeleteTopicRequestHeader").unwrap_err();
    assert!(matches!(&error, HeaderError::Missing { field, .. } if field == "topic"), "{error}");
    let response = over_rocketmq("SendMessageResponseHeader").unwrap();
    assert_eq!(response.ext_field("msgId"), Some(""));
}
