//! The structs and enums against the classes of each release.

use std::collections::{BTreeMap, BTreeSet};

use remoting_model::body::schema::{BodyKind, BodySchema};
use remoting_model::{body, for_each_body};

use crate::{RELEASES, recorded};

/// The fields of each struct, by its name.
fn ours() -> BTreeMap<&'static str, BodySchema> {
    macro_rules! schemas {
        ($($body:ident)*) => {
            [$(BodySchema::of::<body::$body>().unwrap()),*]
        };
    }
    for_each_body!(schemas).into_iter().map(|schema| (schema.name, schema)).collect()
}

/// The classes or enums of a release, each with its members.
fn java(release: &str, what: &str) -> Vec<(String, Vec<String>)> {
    let lines = recorded(release, "bodies.txt");
    let words = lines.lines().map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
    words.filter(|words| words[0] == what).map(|words| (words[1].clone(), words[2..].to_vec())).collect()
}

/// The key and kind of a property, or `None` if Java only reads it.
fn property(text: &str) -> Option<(&str, String)> {
    let (key, java_type) = text.split_once(':').unwrap();
    if java_type.ends_with("(set)") {
        return None;
    }
    Some((key, kind(java_type.trim_end_matches("(get)"))))
}

/// The kind of a Java type, as `BodyKind` displays it.
fn kind(java_type: &str) -> String {
    if let Some(element) = java_type.strip_suffix("[]") {
        return format!("List<{element}>");
    }
    let Some((outer, arguments)) = java_type.strip_suffix('>').and_then(|generic| generic.split_once('<'))
    else {
        return match java_type {
            "Integer" => "int",
            "Long" | "AtomicLong" => "long",
            "Boolean" => "boolean",
            "BitSet" | "LanguageCode" => "String",
            "Properties" => "Map<String,String>",
            "Type" => "OffsetOptionType",
            // The type of a property of 4.9, where 5 has a subclass.
            "TopicConfigSerializeWrapper" => "TopicConfigAndMappingSerializeWrapper",
            other => other,
        }
        .to_owned();
    };
    if outer.ends_with("Map") {
        let (key, value) = arguments.split_once(',').unwrap();
        return format!("Map<{},{}>", kind(key), kind(value));
    }
    assert!(outer.ends_with("List") || outer.ends_with("Set"), "{java_type}");
    format!("List<{}>", kind(arguments))
}

/// The keys that Java writes for each class of a release, if no value is null.
pub(crate) fn written_keys(release: &str) -> BTreeMap<String, BTreeSet<String>> {
    let keys = |properties: Vec<String>| {
        properties.iter().filter_map(|text| property(text)).map(|(key, _)| key.to_owned()).collect()
    };
    java(release, "body").into_iter().map(|(class, properties)| (class, keys(properties))).collect()
}

#[test]
fn every_class_of_every_release_has_a_struct_with_its_fields() {
    let ours = ours();
    for release in RELEASES {
        for (class, properties) in java(release, "body") {
            let schema = ours.get(&*class).unwrap_or_else(|| panic!("no struct {class} of {release}"));
            for (key, kind) in properties.iter().filter_map(|text| property(text)) {
                let field = schema.fields.iter().find(|field| field.key == key);
                let found = field.map(|field| field.kind.to_string());
                assert_eq!(found.as_ref(), Some(&kind), "{class}.{key} of {release}");
            }
        }
    }
}

#[test]
fn every_field_is_a_property_of_its_class_in_some_release() {
    let mut known = BTreeSet::new();
    for release in RELEASES {
        for (class, keys) in written_keys(release) {
            known.extend(keys.into_iter().map(|key| (class.clone(), key)));
        }
    }
    for (class, schema) in ours() {
        for field in schema.fields {
            assert!(known.contains(&(class.to_owned(), field.key.to_owned())), "{class}.{}", field.key);
        }
    }
}

#[test]
fn every_enum_has_the_names_of_java_in_their_order() {
    let mut enums = BTreeMap::new();
    for schema in ours().into_values() {
        for field in schema.fields {
            if let BodyKind::Enum(name, names) = field.kind {
                enums.insert(name, names);
            }
        }
    }
    assert_eq!(enums.len(), 9);
    for release in RELEASES {
        for (name, names) in java(release, "enum") {
            let Some(ours) = enums.get(&*kind(&name)) else {
                assert!(matches!(&*name, "LanguageCode" | "TopicMessageType"), "no enum {name} of {release}");
                continue;
            };
            // An ordinal is the position, so an older release has the first names.
            assert_eq!(ours[..names.len()], names, "{name} of {release}");
            assert!(release != "5.5.1" || ours.len() == names.len(), "{name} has a name that Java lacks");
        }
    }
}
