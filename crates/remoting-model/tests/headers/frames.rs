//! Frames that Java wrote are read into the structs and written again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use bytes::BytesMut;
use remoting_model::header::schema::Presence;
use remoting_model::protocol::{FrameDecoder, RemotingCommand};

use crate::all::{self, Header};
use crate::dump::{self, JavaHeader, RELEASES};

/// A line of a file.
struct Frame {
    header: &'static Header,
    /// `all` or `required`.
    fields: String,
    encoding: String,
    command: RemotingCommand,
}

/// Returns the frames of a release.
fn frames(release: &str) -> Vec<Frame> {
    let text = fs::read_to_string(dump::path(release, "header-frames.txt")).unwrap();
    text.lines().map(frame).collect()
}

fn frame(line: &str) -> Frame {
    let [name, fields, encoding, digits] = line.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{line}");
    };
    let bytes = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    let bytes: Vec<u8> = bytes.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    let command = FrameDecoder::default().decode(&mut BytesMut::from(&bytes[..])).unwrap().unwrap();
    Frame {
        header: all::ALL.iter().find(|header| header.name == name).unwrap(),
        fields: fields.to_owned(),
        encoding: encoding.to_owned(),
        command,
    }
}

fn fields(command: &RemotingCommand) -> BTreeMap<String, String> {
    let fields = command.ext_fields().unwrap_or_default();
    fields.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Adds what we always write and a release does not know: a field with a default.
fn add_newer_defaults(header: &Header, class: &JavaHeader, fields: &mut BTreeMap<String, String>) {
    let default = (header.write_default)();
    for field in (header.schema)().fields {
        if field.presence == Presence::Default && !class.contains_key(field.key) {
            fields.insert(field.key.to_owned(), default.ext_field(field.key).unwrap().to_owned());
        }
    }
}

#[test]
fn a_frame_of_java_is_read_and_written_again_with_the_same_fields() {
    for release in RELEASES {
        let classes = dump::headers(release);
        for Frame { header, fields: set, encoding, command } in frames(release) {
            let case = format!("{release} {} {set} {encoding}", header.name);
            let class = &classes[header.name];
            let mut expected = fields(&command);
            if set == "all" && encoding != "fast" {
                assert!(expected.keys().eq(class.keys()), "{case}: the frame does not have all fields");
            }
            let rewritten = (header.rewrite)(&command);
            add_newer_defaults(header, class, &mut expected);
            assert_eq!(
                fields(&rewritten.unwrap_or_else(|error| panic!("{case}: {error}"))),
                expected,
                "{case}"
            );
        }
    }
}

#[test]
fn the_frames_cover_every_header_and_every_release_in_which_its_keys_differ() {
    let keys = |class: &JavaHeader| class.keys().cloned().collect::<BTreeSet<_>>();
    let newest = dump::headers("5.5.1");
    for release in RELEASES {
        let recorded: BTreeSet<_> = frames(release)
            .into_iter()
            .map(|frame| (frame.header.name, frame.fields, frame.encoding))
            .collect();
        for (name, class) in dump::headers(release) {
            if release != "5.5.1" && newest.get(name).is_some_and(|newest| keys(newest) == keys(class)) {
                continue;
            }
            for fields in ["all", "required"] {
                for encoding in ["json", "rocketmq"] {
                    let case = (name.as_str(), fields.to_owned(), encoding.to_owned());
                    assert!(recorded.contains(&case), "{release} lacks {case:?}");
                }
            }
        }
    }
}
