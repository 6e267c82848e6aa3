//! Comments for what has none in its `.proto` file, so that generated code has documentation throughout.

use std::collections::HashMap;

use protox::prost_reflect::prost_types::source_code_info::Location;
use protox::prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, SourceCodeInfo,
};

// The numbers of the fields of descriptors that a location's path consists of.
const FILE_MESSAGE: i32 = 4;
const FILE_ENUM: i32 = 5;
const FILE_SERVICE: i32 = 6;
const MESSAGE_FIELD: i32 = 2;
const MESSAGE_MESSAGE: i32 = 3;
const MESSAGE_ENUM: i32 = 4;
const MESSAGE_ONEOF: i32 = 8;
const ENUM_VALUE: i32 = 2;
const SERVICE_METHOD: i32 = 2;

/// Adds comments to what has none.
pub(crate) fn complete(file: &mut FileDescriptorProto) {
    let mut missing = Missing::default();
    for (index, message) in (0..).zip(&file.message_type) {
        missing.message(message, &[FILE_MESSAGE, index]);
    }
    for (index, of) in (0..).zip(&file.enum_type) {
        missing.enumeration(of, &[FILE_ENUM, index]);
    }
    for (index, service) in (0..).zip(&file.service) {
        let path = [FILE_SERVICE, index];
        missing.add(path.to_vec(), format!("The service `{}`.", service.name()));
        for (index, method) in (0..).zip(&service.method) {
            let path = [&path[..], &[SERVICE_METHOD, index]].concat();
            missing.add(path, format!("Calls `{}`.", method.name()));
        }
    }
    missing.write(file.source_code_info.get_or_insert_default());
}

/// The comments that are written where there is none, by the path of what they describe.
#[derive(Default)]
struct Missing(HashMap<Vec<i32>, String>);

impl Missing {
    fn add(&mut self, path: Vec<i32>, comment: String) {
        self.0.insert(path, comment);
    }

    fn message(&mut self, message: &DescriptorProto, path: &[i32]) {
        let name = message.name();
        self.add(path.to_vec(), format!("The message `{name}`."));
        for (index, field) in (0..).zip(&message.field) {
            let path = [path, &[MESSAGE_FIELD, index]].concat();
            self.add(path, format!("The field `{}`.", field.name()));
        }
        for (index, oneof) in (0..).zip(&message.oneof_decl) {
            let path = [path, &[MESSAGE_ONEOF, index]].concat();
            self.add(path, format!("The oneof `{}`.", oneof.name()));
        }
        for (index, nested) in (0..).zip(&message.nested_type) {
            self.message(nested, &[path, &[MESSAGE_MESSAGE, index]].concat());
        }
        for (index, nested) in (0..).zip(&message.enum_type) {
            self.enumeration(nested, &[path, &[MESSAGE_ENUM, index]].concat());
        }
    }

    fn enumeration(&mut self, of: &EnumDescriptorProto, path: &[i32]) {
        self.add(path.to_vec(), format!("The enumeration `{}`.", of.name()));
        for (index, value) in (0..).zip(&of.value) {
            let path = [path, &[ENUM_VALUE, index]].concat();
            self.add(path, format!("The value `{}`.", value.name()));
        }
    }

    fn write(mut self, info: &mut SourceCodeInfo) {
        for location in &mut info.location {
            if let Some(comment) = self.0.remove(&location.path) {
                let has_comment = location.leading_comments.is_some() || location.trailing_comments.is_some();
                if !has_comment {
                    location.leading_comments = Some(comment);
                }
            }
        }
        info.location.extend(self.0.into_iter().map(|(path, comment)| Location {
            path,
            leading_comments: Some(comment),
            ..Location::default()
        }));
    }
}
