use std::future::Future;

use crate::call::Call;

/// A method of a service `T` that takes a message `Req`. Every `async fn(&T, &Call, Req) -> …` is one, and so is a method of
/// a trait, such as `Greeter::say_hello`.
///
/// Nothing else needs to implement this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no method of `{T}` that takes `{Req}`",
    label = "not a method of the service",
    note = "a method is `async fn(&self, &Call, {Req}) -> Result<R, Status>`, or returns `()` if it is one-way"
)]
pub trait MethodHandler<'a, T, Req>: Send + Sync + 'static {
    /// What the method returns.
    type Output;

    /// The future of the method.
    type Future: Future<Output = Self::Output> + Send + 'a;

    /// Calls the method.
    fn call(&self, service: &'a T, call: &'a Call, request: Req) -> Self::Future;
}

impl<'a, T, Req, F, Fut> MethodHandler<'a, T, Req> for F
where
    T: 'a,
    F: Fn(&'a T, &'a Call, Req) -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'a,
{
    type Output = Fut::Output;
    type Future = Fut;

    fn call(&self, service: &'a T, call: &'a Call, request: Req) -> Fut {
        self(service, call, request)
    }
}
