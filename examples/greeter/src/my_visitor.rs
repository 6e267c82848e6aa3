use remoting::service::{Call, Status};

use crate::helloworld::{Visitor, VisitorName};

/// Tells its name to the server that it is connected to.
#[derive(Debug)]
pub struct MyVisitor {
    name: String,
}

impl MyVisitor {
    /// Creates a visitor with a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl Visitor for MyVisitor {
    async fn who_are_you(&self, _call: &Call, _request: ()) -> Result<VisitorName, Status> {
        Ok(VisitorName { name: self.name.clone() })
    }
}
