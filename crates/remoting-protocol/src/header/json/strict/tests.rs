//! The fast path for the usual order, compared with the path for any order and with the lenient reader.

use proptest::prelude::*;

use super::super::lenient;
use super::*;

/// Reads like [`read`], without the fast path for the usual order.
fn read_in_any_order(header: &[u8]) -> Option<Parts> {
    let mut cursor = Cursor { text: header, at: 0, spare: 0 };
    let mut parts = Parts::default();
    cursor.expect(b'{')?;
    cursor.members(&mut parts)?;
    cursor.only_space_follows().then_some(parts)
}

/// Headers with some members in the usual order; some members are moved, or have one byte changed.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let integer = prop_oneof![
        any::<i32>().prop_map(|value| value.to_string()),
        "-?[0-9]{0,3}",
        "[0-9]{9,12}",
        Just("null".to_owned()),
    ];
    let string = prop_oneof![
        "[a-z]{0,9}",
        r#"[a-zé中\\\\"]{0,5}"#,
        r"(\\u000[0-9a]|\\n|x){0,4}",
        "[0-9]",
        r"([a-z]{0,12}(é|中|\\u4e2d|\\xe9|\\ud83d\\ude00|\\ud83d|\\u12)?){0,4}",
    ];
    let ext = proptest::collection::vec((string.clone(), string.clone()), 0..3).prop_map(|fields| {
        let fields: Vec<_> = fields.iter().map(|(key, value)| format!(r#""{key}":"{value}""#)).collect();
        format!("{{{}}}", fields.join(","))
    });
    let language = prop_oneof!["JAVA|RUST|CPP|GO|JAV|JAVAS|java|NODE_JS", Just(String::new())];
    let values = (
        [integer.clone(), integer.clone(), integer.clone(), integer],
        ext,
        string,
        language,
        "JSON|ROCKETMQ|é|",
        proptest::bits::u8::ANY,
    );
    let members =
        values.prop_map(|([code, flag, opaque, version], ext, remark, language, named, missing)| {
            let members = [
                format!(r#""code":{code}"#),
                format!(r#""extFields":{ext}"#),
                format!(r#""flag":{flag}"#),
                format!(r#""language":"{language}""#),
                format!(r#""opaque":{opaque}"#),
                format!(r#""remark":"{remark}""#),
                format!(r#""serializeTypeCurrentRPC":"{named}""#),
                format!(r#""version":{version}"#),
            ];
            let there = |place: &usize| place.is_multiple_of(3) || missing >> place & 1 == 0;
            (0..8).filter(there).map(|place| members[place].clone()).collect::<Vec<_>>()
        });
    let place = any::<prop::sample::Index>;
    (
        members,
        proptest::option::weighted(0.3, (place(), place())),
        "|\n| \r\n|,|x",
        place(),
        any::<u8>(),
        0..4,
    )
        .prop_map(|(mut members, moved, end, at, byte, damage)| {
            if let Some((from, to)) = moved {
                let member = members[from.index(members.len())].clone();
                members.insert(to.index(members.len()), member);
            }
            let mut header = format!("{{{}}}{end}", members.join(",")).into_bytes();
            let at = at.index(header.len());
            match damage {
                0 => header[at] = byte,
                1 => header.truncate(at),
                _ => {}
            }
            header
        })
}

/// Returns the parts with the remark as text.
fn plain(header: &[u8], mut parts: Parts) -> Parts {
    if let Remark::Slice(range) = parts.remark {
        parts.remark = Remark::Text(std::str::from_utf8(&header[range]).unwrap().to_owned());
    }
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_fast_path_equals_the_path_for_any_order(header in headers()) {
        let read = read(&header, 0);
        prop_assert_eq!(&read, &read_in_any_order(&header));
        if let Some(parts) = read {
            let lenient = lenient::read(&header).map(|parts| plain(&header, parts));
            prop_assert_eq!(lenient, Ok(plain(&header, parts)));
        }
    }
}

#[test]
fn each_member_may_be_absent_or_last() {
    let members = [
        r#""code":10"#,
        r#""extFields":{"a":"1"}"#,
        r#""flag":1"#,
        r#""language":"JAVA""#,
        r#""opaque":-7"#,
        r#""remark":"r""#,
        r#""serializeTypeCurrentRPC":"JSON""#,
        r#""version":513"#,
    ];
    for present in 0_u16..256 {
        let members: Vec<_> =
            (0..8).filter(|index| present >> index & 1 == 1).map(|index| members[index]).collect();
        let header = format!("{{{}}}", members.join(","));
        let parts = read(header.as_bytes(), 0);
        assert_eq!(parts.is_some(), present != 0, "{header}");
        assert_eq!(parts, read_in_any_order(header.as_bytes()), "{header}");
    }
}

#[test]
fn data_after_a_usual_header_is_rejected() {
    let header =
        r#"{"code":10,"flag":0,"language":"JAVA","opaque":7,"serializeTypeCurrentRPC":"JSON","version":479}"#;
    for (end, accepted) in [("", true), ("\n", true), ("\0", false), ("}", false), (",", false)] {
        assert_eq!(read(format!("{header}{end}").as_bytes(), 0).is_some(), accepted, "{end:?}");
    }
}
