use std::fmt;
use std::marker::PhantomData;

use remoting_rpc::transport::protocol::RequestCode;

/// A method of a service: its names and its request code, with the types of its messages.
///
/// Generated code has a constant for each method. A constant by hand:
///
/// ```
/// use remoting_service::Method;
///
/// /// Reverses a string.
/// const REVERSE: Method<String, String> =
///     Method::new("text.Reverser", "Reverse", "/text.Reverser/Reverse").code(20_001);
/// ```
pub struct Method<Req, Res> {
    service: &'static str,
    name: &'static str,
    path: &'static str,
    code: Option<RequestCode>,
    oneway: bool,
    types: PhantomData<fn(Req) -> Res>,
}

impl<Req, Res> Method<Req, Res> {
    /// Creates a method without a request code, which can be called over gRPC only.
    ///
    /// `service` is the full name of the service, such as `helloworld.Greeter`, and `path` the path of the method over
    /// gRPC, such as `/helloworld.Greeter/SayHello`.
    #[must_use]
    pub const fn new(service: &'static str, name: &'static str, path: &'static str) -> Self {
        Self { service, name, path, code: None, oneway: false, types: PhantomData }
    }

    /// Sets the request code of the method over remoting.
    #[must_use]
    pub const fn code(mut self, code: i32) -> Self {
        self.code = Some(RequestCode(code));
        self
    }

    /// Makes calls of the method one-way over remoting: they have no response. Over gRPC the response is an empty
    /// message.
    #[must_use]
    pub const fn oneway(mut self) -> Self {
        self.oneway = true;
        self
    }

    /// Returns the full name of the service.
    #[must_use]
    pub const fn service(&self) -> &'static str {
        self.service
    }

    /// Returns the name of the method.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the path of the method over gRPC.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Returns the request code, or `None` if the method can be called over gRPC only.
    #[must_use]
    pub const fn request_code(&self) -> Option<RequestCode> {
        self.code
    }

    /// Returns whether calls over remoting are one-way.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.oneway
    }
}

impl<Req, Res> Clone for Method<Req, Res> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Req, Res> Copy for Method<Req, Res> {}

impl<Req, Res> fmt::Debug for Method<Req, Res> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Method")
            .field("path", &self.path)
            .field("code", &self.code)
            .field("oneway", &self.oneway)
            .finish()
    }
}
