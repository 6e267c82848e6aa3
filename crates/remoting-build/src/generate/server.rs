//! The server of a service over remoting, and over gRPC where code for tonic is generated.

use super::service::ServiceCode;
use super::template::fill;

const SERVER: &str = r#"
/// Serves a [`$Service`].
pub struct $ServiceServer<$T> {
    service: ::std::sync::Arc<$T>,
    deadlines: $rt::DeadlinePolicy,
}

impl<$T: $Service> $ServiceServer<$T> {
    /// Creates a server of a service.
    pub fn new(service: $T) -> Self {
        Self::from_arc(::std::sync::Arc::new(service))
    }

    /// Creates a server of a service that is shared with others.
    pub fn from_arc(service: ::std::sync::Arc<$T>) -> Self {
        Self { service, deadlines: ::std::default::Default::default() }
    }

    /// Sets the deadlines of calls. Default: what callers ask for.
    #[must_use]
    pub fn deadlines(mut self, policy: $rt::DeadlinePolicy) -> Self {
        self.deadlines = policy;
        self
    }

    /// Returns the processors of all methods over remoting, which run on one executor.
    pub fn processors(&self, executor: $rt::Executor) -> $rt::ProcessorSet<$T> {
        self.processors_with(|_method| executor.clone())
    }

    /// Returns the processors of all methods over remoting. The function returns the executor of a method, whose name is
    /// that in the `.proto` file, such as `$example`.
    pub fn processors_with(
        &self,
        $executor: impl ::std::ops::FnMut(&str) -> $rt::Executor,
    ) -> $rt::ProcessorSet<$T> {
        $rt::ServiceProcessors::new(::std::sync::Arc::clone(&self.service), self.deadlines)
            $registrations
            .into_set()
    }
}

impl<$T> ::std::clone::Clone for $ServiceServer<$T> {
    fn clone(&self) -> Self {
        Self { service: ::std::sync::Arc::clone(&self.service), deadlines: self.deadlines }
    }
}

impl<$T> ::std::fmt::Debug for $ServiceServer<$T> {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("$ServiceServer").field("deadlines", &self.deadlines).finish_non_exhaustive()
    }
}
"#;

pub(super) fn write(service: &ServiceCode<'_>, code: &mut String) {
    let registrations: String = service
        .over_remoting()
        .map(|method| {
            let register = if method.is_oneway() { "oneway" } else { "unary" };
            let values = [
                ("register", register),
                ("constants", &service.constants),
                ("CONSTANT", &method.constant()),
                ("Method", &method.method.proto_name),
                ("name", &method.method.name),
                ("T", service.parameter),
            ];
            fill(".$register($constants::$CONSTANT, executor(\"$Method\"), $T::$name)\n", &values)
        })
        .collect();
    let example = service.over_remoting().next().map_or("SayHello", |method| &method.method.proto_name);
    let executor = if registrations.is_empty() { "_executor" } else { "mut executor" };
    code.push_str(&fill(
        SERVER,
        &[
            ("T", service.parameter),
            ("Service", service.name),
            ("rt", service.runtime),
            ("example", example),
            ("executor", executor),
            ("registrations", &registrations),
        ],
    ));
}
