//! Metadata as ext fields of a command.

use bytes::Bytes;
use remoting_rpc::transport::protocol::{HeaderError, RemotingCommand};

use super::key::{Form, form, is_value};
use super::{MAX_RECEIVED, Metadata, MetadataValue, Values, decode, encode};

impl Metadata {
    /// Reads the metadata of a command.
    pub(crate) fn of_command(command: &RemotingCommand) -> Self {
        let fields = command.ext_fields().into_iter().flatten();
        let entries = fields.filter_map(|(key, value)| match form(key) {
            Ok(Form::Text) if is_value(value) => Some((key, Values::Text(value.to_owned()))),
            Ok(Form::Binary) => Some((key, Values::Binary(binary_values(value)?))),
            _ => None,
        });
        let mut metadata = Self::new();
        // Repeated keys count too: each is searched for.
        for (key, values) in entries.take(MAX_RECEIVED) {
            metadata.put(key, values);
        }
        metadata
    }

    /// Adds the metadata to the ext fields of a command.
    pub(crate) fn write_to(&self, command: &mut RemotingCommand) -> Result<(), HeaderError> {
        for (key, value) in self.iter() {
            match value {
                MetadataValue::Text(text) => command.set_ext_field(key, text)?,
                MetadataValue::Binary(values) => {
                    let texts: Vec<_> = values.iter().map(|value| encode(value)).collect();
                    command.set_ext_field(key, &texts.join(","))?;
                }
            }
        }
        Ok(())
    }
}

/// Reads binary values that are separated by commas. Empty values are left out; `None` if none is left or one is invalid.
pub(super) fn binary_values(text: &str) -> Option<Vec<Bytes>> {
    let values = text.split(',').map(|value| decode(value).map(Bytes::from));
    let mut values = values.collect::<Option<Vec<_>>>()?;
    values.retain(|value| !value.is_empty());
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use remoting_rpc::transport::protocol::{FrameDecoder, RequestCode};

    use super::*;

    fn command() -> RemotingCommand {
        RemotingCommand::request(RequestCode(20_001))
    }

    #[test]
    fn metadata_is_the_same_after_a_way_through_ext_fields() {
        let mut metadata = Metadata::new();
        metadata.append("tenant", "orders").unwrap();
        metadata.append("tenant", "invoices").unwrap();
        metadata.append_bin("trace-bin", vec![0, 255, 7]).unwrap();
        metadata.append_bin("trace-bin", "text").unwrap();
        let mut request = command();
        metadata.write_to(&mut request).unwrap();
        assert_eq!(request.ext_field("tenant"), Some("orders,invoices"));
        assert_eq!(request.ext_field("trace-bin"), Some("AP8H,dGV4dA"));
        assert_eq!(Metadata::of_command(&request), metadata);
    }

    #[test]
    fn fields_of_java_and_reserved_names_are_no_metadata_and_padding_is_read() {
        let mut request = command();
        for (key, value) in [
            ("consumerGroup", "g"),
            ("grpc-timeout", "1S"),
            ("content-type", "x"),
            ("ns", "namespace"),
            ("nsd", "true"),
            ("umlaut", "ä"),
            ("empty", ""),
            ("broken-bin", "!"),
            ("a", "topic"),
            ("padded-bin", "AA=="),
        ] {
            request.set_ext_field(key, value).unwrap();
        }
        let metadata = Metadata::of_command(&request);
        assert_eq!(metadata.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["a", "padded-bin"]);
        assert_eq!(metadata.get_bin("padded-bin").map(|value| &value[..]), Some(&[0_u8][..]));
    }

    #[test]
    fn of_a_command_with_very_many_fields_not_all_are_read() {
        let fields = (0..2_000).map(|number| format!("k{number}"));
        let mut request = command();
        for key in fields {
            request.set_ext_field(&key, "v").unwrap();
        }
        assert_eq!(Metadata::of_command(&request).len(), 1_024);
    }

    /// Returns a request with these ext fields, whose keys may be repeated.
    fn received(fields: impl Iterator<Item = (&'static str, usize)>) -> RemotingCommand {
        let fields: Vec<_> = fields.map(|(key, value)| format!("\"{key}\":\"{value}\"")).collect();
        let header = format!("{{\"code\":20001,\"extFields\":{{{}}}}}", fields.join(","));
        let length = header.len() as u32;
        let head = [(length + 4).to_be_bytes(), length.to_be_bytes()].concat();
        let mut frame = BytesMut::from(&[&head, header.as_bytes()].concat()[..]);
        FrameDecoder::default().decode(&mut frame).unwrap().unwrap()
    }

    #[test]
    fn the_last_of_repeated_keys_counts_and_each_counts_as_read() {
        let repeated = |count: usize| (0..count).map(|number| ("repeated", number)).chain([("late", 1)]);
        let metadata = Metadata::of_command(&received(repeated(1_023)));
        assert_eq!((metadata.get("repeated"), metadata.get("late")), (Some("1022"), Some("1")));
        let metadata = Metadata::of_command(&received(repeated(1_024)));
        assert_eq!((metadata.get("repeated"), metadata.get("late")), (Some("1023"), None));
        // What is no metadata does not count.
        let others = (0..2_000).map(|number| ("consumerGroup", number)).chain([("late", 1)]);
        assert_eq!(Metadata::of_command(&received(others)).get("late"), Some("1"));
    }
}
