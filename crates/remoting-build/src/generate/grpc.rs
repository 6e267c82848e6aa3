//! The adapter between a service and tonic's server.

use prost_build::Method;

use super::documented::documentation;
use super::service::{MethodCode, ServiceCode};
use super::template::fill;
use crate::definition::module_name;

const ADAPTER: &str = r#"
impl<$T: $Bound> $ServiceServer<$T> {
    /// Returns tonic's server of the service. Messages may have as many bytes as over remoting.
    ///
    /// It limits how long it waits for messages. `map` changes the settings of tonic's server.
    pub fn grpc(&self) -> $rt::grpc::MessageDeadline<$module::$ServiceServer<$ServiceGrpc<$T>>> {
        let adapter = $ServiceGrpc {
            service: ::std::sync::Arc::clone(&self.service),
            deadlines: self.deadlines,
        };
        let server = $module::$ServiceServer::new(adapter)
            .max_decoding_message_size($rt::grpc::MAX_MESSAGE_SIZE)
            .max_encoding_message_size($rt::grpc::MAX_MESSAGE_SIZE);
        $rt::grpc::MessageDeadline::new(server, self.deadlines, &[$unary])
    }
}

/// The adapter from a [`$Bound`] to tonic's server.
pub struct $ServiceGrpc<$T> {
    $allowed service: ::std::sync::Arc<$T>,
    deadlines: $rt::DeadlinePolicy,
}

#[::tonic::async_trait]
impl<$T: $Bound> $module::$Service for $ServiceGrpc<$T> {
    $methods
}

impl<$T> ::std::fmt::Debug for $ServiceGrpc<$T> {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("$ServiceGrpc").field("deadlines", &self.deadlines).finish_non_exhaustive()
    }
}
"#;

/// Writes the adapter, and the trait of the methods with streams, if there are any.
pub(super) fn write(service: &ServiceCode<'_>, streaming: &[&Method], code: &mut String) {
    let mut bound = service.name.to_owned();
    if !streaming.is_empty() {
        bound.push_str("Streaming");
        write_streaming_trait(service, &bound, streaming, code);
    }
    let methods: String = service.methods.iter().map(|method| adapt(method, service)).collect();
    let path = |method: &MethodCode<'_>| format!("\"/{}/{}\"", service.full_name, method.method.proto_name);
    let unary: Vec<_> = service.methods.iter().map(path).collect();
    let streaming: String = streaming.iter().map(|method| adapt_streaming(method, service, &bound)).collect();
    code.push_str(&fill(
        ADAPTER,
        &[
            ("Service", service.name),
            ("Bound", &bound),
            ("T", service.parameter),
            // Without methods the service is not called.
            ("allowed", if methods.is_empty() && streaming.is_empty() { "#[allow(dead_code)]" } else { "" }),
            ("module", &format!("{}_server", module_name(service.name))),
            ("rt", service.runtime),
            ("unary", &unary.join(", ")),
            ("methods", &(methods + &streaming)),
        ],
    ));
}

/// A method without streams.
fn adapt(method: &MethodCode<'_>, service: &ServiceCode<'_>) -> String {
    let output = &*method.method.output_type;
    let answer = if method.is_oneway() && output != "()" {
        ".map(|response| response.map(|()| ::std::default::Default::default()))"
    } else {
        ""
    };
    fill(
        "async fn $name(&self, request: ::tonic::Request<$request>) \
         -> ::std::result::Result<::tonic::Response<$output>, ::tonic::Status> {\n\
         $rt::grpc::$adapter(&*self.service, self.deadlines, request, $T::$name).await$answer\n\
         }\n\n",
        &[
            ("name", &method.method.name),
            ("rt", service.runtime),
            ("T", service.parameter),
            ("request", &method.method.input_type),
            ("output", output),
            ("adapter", if method.is_oneway() { "oneway" } else { "unary" }),
            ("answer", answer),
        ],
    )
}

fn write_streaming_trait(service: &ServiceCode<'_>, bound: &str, methods: &[&Method], code: &mut String) {
    code.push_str(&fill(
        "/// The methods of [`$Service`] with streams, which are called over gRPC only.\n\
         pub trait $Bound: $Service {\n",
        &[("Service", service.name), ("Bound", bound)],
    ));
    for method in methods {
        if method.server_streaming {
            code.push_str(&fill(
                "/// The stream that [`$name`](Self::$name) returns.\n\
                 type $MethodStream: ::tonic::codegen::tokio_stream::Stream<\
                 Item = ::std::result::Result<$output, ::tonic::Status>> + ::std::marker::Send + 'static;\n\n",
                &[("name", &method.name), ("Method", &method.proto_name), ("output", &method.output_type)],
            ));
        }
        code.push_str(&documentation(&method.comments));
        code.push_str(&fill(
            "fn $name(&self, request: ::tonic::Request<$request>) -> impl ::std::future::Future<\
             Output = ::std::result::Result<::tonic::Response<$response>, ::tonic::Status>> + ::std::marker::Send;\n",
            &[("name", &method.name), ("request", &request(method)), ("response", &response(method))],
        ));
    }
    code.push_str("}\n");
}

fn adapt_streaming(method: &Method, service: &ServiceCode<'_>, bound: &str) -> String {
    let stream = if method.server_streaming {
        format!("type {0}Stream = {1}::{0}Stream;\n\n", method.proto_name, service.parameter)
    } else {
        String::new()
    };
    let call = fill(
        "async fn $name(&self, request: ::tonic::Request<$request>) \
         -> ::std::result::Result<::tonic::Response<$response>, ::tonic::Status> {\n\
         $trait::$name(&*self.service, request).await\n\
         }\n\n",
        &[
            ("name", &method.name),
            ("request", &request(method)),
            ("response", &response(method)),
            ("trait", bound),
        ],
    );
    stream + &call
}

fn request(method: &Method) -> String {
    if method.client_streaming {
        format!("::tonic::Streaming<{}>", method.input_type)
    } else {
        method.input_type.clone()
    }
}

fn response(method: &Method) -> String {
    if method.server_streaming {
        format!("Self::{}Stream", method.proto_name)
    } else {
        method.output_type.clone()
    }
}
