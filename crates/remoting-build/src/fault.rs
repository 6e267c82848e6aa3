use std::ops::RangeInclusive;

/// The request codes that both encodings of headers can carry. That of RocketMQ has 16 bits, with a sign.
pub(crate) const CODES: RangeInclusive<i32> = 0..=i16::MAX as i32;
/// The first of the codes that RocketMQ leaves to others.
pub(crate) const FIRST_FREE: i32 = 20_000;

/// Why a method cannot be called over remoting as it is described, and what to do.
///
/// Methods have their full names, such as `helloworld.Greeter.SayHello`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A method has no request code.
    #[error(
        "{method} has no request code: write `option (remoting.code) = {free};` in the method and \
         `import \"remoting/options.proto\";` in its file, or call `.codes([(\"{method}\", {free})])` in build.rs"
    )]
    MissingCode {
        /// The method.
        method: String,
        /// A code that no method has.
        free: i32,
    },

    /// Two methods have the same request code.
    #[error(
        "{method} and {other} have the same request code, {code}: change one of them in its \
         `option (remoting.code)` or in `.codes(…)` in build.rs, for example to {free}"
    )]
    DoubledCode {
        /// The later method.
        method: String,
        /// The earlier method.
        other: String,
        /// Their code.
        code: i32,
        /// A code that no method has.
        free: i32,
    },

    /// A method has a code in its file and another in the build script, or two in the build script.
    #[error(
        "{method} has two request codes, {first} and {second}: remove its `option (remoting.code)`, or its entry in \
         `.codes(…)` in build.rs"
    )]
    TwoCodes {
        /// The method.
        method: String,
        /// The code that was found first.
        first: i32,
        /// The other code.
        second: i32,
    },

    /// A request code does not fit into a header of the encoding `ROCKETMQ`.
    #[error(
        "{method} has the request code {code}, which is not within 0 to 32767, the range of RocketMQ's headers: change \
         its `option (remoting.code)`, or its entry in `.codes(…)` in build.rs, for example to {free}"
    )]
    CodeOutOfRange {
        /// The method.
        method: String,
        /// Its code.
        code: i32,
        /// A code that no method has.
        free: i32,
    },

    /// A request code is one of RocketMQ's.
    #[error(
        "{method} has the request code {code}, which is RocketMQ's {name}: change its `option (remoting.code)`, or its \
         entry in `.codes(…)` in build.rs, for example to {free}, or call `.allow_rocketmq_codes(true)` in build.rs"
    )]
    RocketmqCode {
        /// The method.
        method: String,
        /// Its code.
        code: i32,
        /// The name of the code in Java's `RequestCode`.
        name: &'static str,
        /// A code that no method has.
        free: i32,
    },

    /// A method with a stream is not marked as one that can be called over gRPC only.
    #[error(
        "{method} has a stream, and remoting has none: write `option (remoting.grpc_only) = true;` in the method and \
         `import \"remoting/options.proto\";` in its file, or call `.grpc_only([\"{method}\"])` in build.rs"
    )]
    Streaming {
        /// The method.
        method: String,
    },

    /// A method that can be called over gRPC only has a request code, or is one-way.
    #[error(
        "{method} is marked grpc_only, and {contradiction} is for remoting: remove one of the two options in the method or \
         in build.rs"
    )]
    GrpcOnly {
        /// The method.
        method: String,
        /// The option that contradicts it.
        contradiction: &'static str,
    },

    /// A one-way method returns a message other than `google.protobuf.Empty`.
    #[error(
        "{method} is one-way, and returns {response}, which no caller would get: change its response to \
         `google.protobuf.Empty`, or remove `option (remoting.oneway)` from the method, or its entry in `.oneway(…)` in \
         build.rs"
    )]
    OnewayWithResponse {
        /// The method.
        method: String,
        /// The full name of the message.
        response: String,
    },

    /// The build script names a method that no service of the compiled files has.
    #[error(
        "`.{setting}(…)` in build.rs names {method}, which no service of the compiled files has: correct the name to one of \
         {known}, add the file of its service to `compile`, or remove the entry"
    )]
    UnknownMethod {
        /// The function of the builder that was called with the name.
        setting: &'static str,
        /// The name.
        method: String,
        /// The methods that there are, separated by commas.
        known: String,
    },

    /// A generated item has the name of a message, of the module of what is inside a message, or of another generated item.
    #[error(
        "the service {service} needs the name `{name}` for what is generated from it, and {other} needs it too: rename \
         one of them, or move one of them to another package"
    )]
    NameTaken {
        /// The full name of the service.
        service: String,
        /// The name in Rust.
        name: String,
        /// The full name of the message, enumeration or service that needs it too.
        other: String,
    },
}
