//! A command returns the value that was set last, whatever the origin of its parts.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{
    ExtFields, FrameDecoder, FrameEncoder, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};

type Fields = BTreeMap<String, String>;

/// The expected fields of a command.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    remark: Option<String>,
    ext_fields: Option<Fields>,
    body: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Change {
    Remark(Option<String>),
    Field(String, String),
    Removal(String),
    Header(Fields),
    Fields(Option<Fields>),
    Body(Vec<u8>),
    Detach,
    Clone,
    /// Encodes and decodes the command.
    Trip(SerializeType),
    /// Moves the body into another command.
    Takeover,
}

impl Change {
    fn apply(self, command: &mut RemotingCommand, model: &mut Model) {
        match self {
            Self::Remark(remark) => {
                command.set_remark(remark.as_deref());
                model.remark = remark;
            }
            Self::Field(key, value) => {
                command.set_ext_field(&key, &value).unwrap();
                model.ext_fields.get_or_insert_default().insert(key, value);
            }
            Self::Removal(key) => {
                let removed = command.remove_ext_field(&key);
                let expected = model.ext_fields.as_mut().and_then(|fields| fields.remove(&key));
                assert_eq!(removed, expected.is_some());
            }
            Self::Header(header) => {
                command.set_header(&header).unwrap();
                model.ext_fields.get_or_insert_default().extend(header);
            }
            Self::Fields(fields) => {
                let mut other = RemotingCommand::request(RequestCode(1));
                other.set_ext_fields(fields.as_ref().map(|_| ExtFields::default()));
                for (key, value) in fields.iter().flatten() {
                    other.set_ext_field(key, value).unwrap();
                }
                command.set_ext_fields(other.ext_fields());
                model.ext_fields = fields;
            }
            Self::Body(body) => {
                model.body.clone_from(&body);
                command.set_body(body);
            }
            Self::Detach => command.detach(),
            Self::Clone => *command = command.clone(),
            Self::Trip(serialize_type) => {
                command.set_serialize_type(serialize_type);
                let texts = command.content_len() - command.body().len();
                let has_entries = texts > command.remark().map_or(0, str::len);
                let mut frame = BytesMut::new();
                FrameEncoder::default().encode(command, &mut frame).unwrap();
                let decoded = FrameDecoder::default().decode(&mut frame).unwrap().unwrap();
                if serialize_type == SerializeType::Json {
                    assert_eq!(&decoded, command);
                } else {
                    model.lose_empty_texts(has_entries);
                }
                *command = decoded;
            }
            Self::Takeover => {
                let response = RemotingCommand::response_to(command, ResponseCode::SUCCESS);
                *command = response.with_body(command.body_bytes());
                *model = Model { body: model.body.clone(), ..Model::default() };
            }
        }
    }
}

impl Model {
    /// ROCKETMQ has no empty text, and no map without entries; null entries count.
    fn lose_empty_texts(&mut self, has_entries: bool) {
        self.remark = self.remark.take().filter(|remark| !remark.is_empty());
        self.ext_fields = self.ext_fields.take().filter(|_| has_entries);
        if let Some(fields) = &mut self.ext_fields {
            fields.retain(|_, value| !value.is_empty());
        }
    }

    fn of(command: &RemotingCommand) -> Self {
        let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        Self {
            remark: command.remark().map(str::to_owned),
            ext_fields: command.ext_fields().map(|fields| fields.iter().map(owned).collect()),
            body: command.body().to_vec(),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let key = || "[a-d]|key";
    let text = || prop_oneof![3 => "[a-zé]{0,6}", 1 => "[a-z\\\\\"]{300,700}"];
    let fields = || proptest::collection::btree_map(key(), text(), 0..4);
    let body = prop_oneof![Just(0), 1_usize..40, 400_usize..600, 3_000_usize..3_100];
    prop_oneof![
        2 => proptest::option::of(text()).prop_map(Change::Remark),
        3 => (key(), text()).prop_map(|(key, value)| Change::Field(key, value)),
        1 => key().prop_map(Change::Removal),
        1 => fields().prop_map(Change::Header),
        1 => proptest::option::of(fields()).prop_map(Change::Fields),
        2 => body.prop_map(|length| Change::Body(vec![b'x'; length])),
        1 => Just(Change::Detach),
        1 => Just(Change::Clone),
        2 => Just(Change::Trip(SerializeType::Json)),
        2 => Just(Change::Trip(SerializeType::RocketMq)),
        1 => Just(Change::Takeover),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_command_returns_what_was_set_last(changes in proptest::collection::vec(change(), 1..16)) {
        let mut command = RemotingCommand::request(RequestCode(10));
        let mut model = Model::default();
        for change in changes {
            let shown = format!("{change:?}");
            change.apply(&mut command, &mut model);
            prop_assert_eq!(&Model::of(&command), &model, "after {}", shown);
            let fields = model.ext_fields.iter().flatten();
            let most = model.remark.as_ref().map_or(0, String::len)
                + fields.map(|(key, value)| 6 + key.len() + value.len()).sum::<usize>()
                + model.body.len();
            prop_assert!(command.content_len() >= most, "{} bytes after {}", command.content_len(), shown);
        }
    }
}
