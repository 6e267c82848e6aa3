//! The constants of a service's methods.

use super::service::{MethodCode, ServiceCode};
use super::template::fill;
use crate::definition::Kind;

pub(super) fn write(service: &ServiceCode<'_>, code: &mut String) {
    code.push_str(&fill(
        "/// The methods of [`$Service`].\npub mod $constants {\n",
        &[("Service", service.name), ("constants", &service.constants)],
    ));
    service.methods.iter().for_each(|method| code.push_str(&constant(method, service)));
    code.push_str("}\n");
}

fn constant(method: &MethodCode<'_>, service: &ServiceCode<'_>) -> String {
    let (output, settings) = match method.kind {
        Kind::Unary { code } => (inside(&method.method.output_type), format!(".code({code})")),
        Kind::Oneway { code } => ("()".to_owned(), format!(".code({code}).oneway()")),
        Kind::GrpcOnly => (inside(&method.method.output_type), String::new()),
    };
    fill(
        "/// The method `$Method`.\n\
         pub const $CONSTANT: $rt::Method<$request, $output> = \
         $rt::Method::new(\"$service\", \"$Method\", \"/$service/$Method\")$settings;\n",
        &[
            ("Method", &method.method.proto_name),
            ("CONSTANT", &method.constant()),
            ("rt", service.runtime),
            ("request", &inside(&method.method.input_type)),
            ("output", &output),
            ("service", &service.full_name),
            ("settings", &settings),
        ],
    )
}

/// Returns the path of a type, seen from a module inside the package.
fn inside(path: &str) -> String {
    if path.starts_with("::") || path.starts_with("crate::") || path == "()" {
        path.to_owned()
    } else {
        format!("super::{path}")
    }
}
