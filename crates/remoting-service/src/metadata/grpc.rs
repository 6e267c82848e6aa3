//! Metadata as headers of gRPC.

use tonic::metadata::{KeyAndValueRef, MetadataKey, MetadataMap};

use super::ext_fields::binary_values;
use super::key::{Form, form, is_value};
use super::{MAX_RECEIVED, Metadata, MetadataValue, Values};

impl Metadata {
    /// Reads the metadata of a request, response or status.
    pub(crate) fn of_map(map: &MetadataMap) -> Self {
        let mut metadata = Self::new();
        for entry in map.iter() {
            let (key, value) = match &entry {
                KeyAndValueRef::Ascii(key, value) => (key.as_str(), value.as_encoded_bytes()),
                KeyAndValueRef::Binary(key, value) => (key.as_str(), value.as_encoded_bytes()),
            };
            if let Ok(value) = std::str::from_utf8(value) {
                metadata.receive(key, value);
            }
        }
        metadata
    }

    /// Adds a header to the values of its key.
    fn receive(&mut self, key: &str, value: &str) {
        let (Ok(form), known) = (form(key), self.value(key).is_some()) else { return };
        if !known && self.len() == MAX_RECEIVED {
            return;
        }
        match (form, self.values_mut(key)) {
            (Form::Text, _) if !is_value(value) => {}
            (Form::Text, Some(Values::Text(text))) => {
                text.push(',');
                text.push_str(value);
            }
            (Form::Text, _) => self.put(key, Values::Text(value.to_owned())),
            (Form::Binary, before) => {
                let Some(mut added) = binary_values(value) else { return };
                match before {
                    Some(Values::Binary(values)) => values.append(&mut added),
                    _ => self.put(key, Values::Binary(added)),
                }
            }
        }
    }

    /// Returns the headers.
    pub(crate) fn to_map(&self) -> MetadataMap {
        let mut map = MetadataMap::with_capacity(self.len());
        for (key, value) in self.iter() {
            match value {
                MetadataValue::Text(text) => {
                    // What metadata allows is what headers allow.
                    if let (Ok(key), Ok(text)) = (MetadataKey::from_bytes(key.as_bytes()), text.parse()) {
                        map.append(key, text);
                    }
                }
                MetadataValue::Binary(values) => {
                    for value in values {
                        if let Ok(key) = MetadataKey::from_bytes(key.as_bytes()) {
                            map.append_bin(key, tonic::metadata::MetadataValue::from_bytes(value));
                        }
                    }
                }
            }
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_the_same_after_a_way_through_headers() {
        let mut metadata = Metadata::new();
        metadata.append("tenant", "orders").unwrap();
        metadata.append("tenant", "invoices").unwrap();
        metadata.append_bin("trace-bin", vec![0, 255, 7]).unwrap();
        metadata.append_bin("trace-bin", "text").unwrap();
        assert_eq!(Metadata::of_map(&metadata.to_map()), metadata);
    }

    #[test]
    fn repeated_headers_are_joined_and_those_of_grpc_and_http_are_no_metadata() {
        let mut headers = http::HeaderMap::new();
        for (key, value) in [
            ("tenant", "a"),
            ("tenant", "b"),
            ("x-bin", "AA==,AQ"),
            ("x-bin", "Ag"),
            ("broken-bin", "!"),
            ("grpc-encoding", "gzip"),
            ("content-type", "application/grpc"),
            ("empty", ""),
        ] {
            headers.append(key, value.parse().unwrap());
        }
        let metadata = Metadata::of_map(&MetadataMap::from_headers(headers));
        assert_eq!((metadata.len(), metadata.get("tenant")), (2, Some("a,b")));
        assert_eq!(metadata.get_all_bin("x-bin"), [&[0_u8][..], &[1], &[2]]);
    }
}
