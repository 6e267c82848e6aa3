//! The trait that an application implements.

use super::documented::documentation;
use super::service::{MethodCode, ServiceCode};
use super::template::fill;

pub(super) fn write(service: &ServiceCode<'_>, code: &mut String) {
    code.push_str(&documentation(service.comments));
    code.push_str(&fill(
        "///\n\
         /// The methods know neither remoting nor gRPC. [`$ServiceServer`] serves an implementation, and [`$ServiceClient`] \
         calls it.\n\
         pub trait $Service: ::std::marker::Send + ::std::marker::Sync + 'static {\n",
        &[("Service", service.name)],
    ));
    for method in &service.methods {
        code.push_str(&documentation(&method.method.comments));
        code.push_str(&signature(method, service.runtime));
    }
    code.push_str("}\n");
}

fn signature(method: &MethodCode<'_>, runtime: &str) -> String {
    let output = if method.is_oneway() {
        "()".to_owned()
    } else {
        format!("::std::result::Result<{}, {runtime}::Status>", method.method.output_type)
    };
    fill(
        "fn $name(&self, call: &$rt::Call, request: $request) \
         -> impl ::std::future::Future<Output = $output> + ::std::marker::Send;\n",
        &[
            ("name", &method.method.name),
            ("rt", runtime),
            ("request", &method.method.input_type),
            ("output", &output),
        ],
    )
}
