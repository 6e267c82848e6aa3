//! Headers about access rules.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Creates the access rules of a subject. The body has the rules.
    ///
    /// The header of a request with code [`AUTH_CREATE_ACL`](RequestCode::AUTH_CREATE_ACL). Not in 4.9.
    pub struct CreateAclRequestHeader {
        /// The subject, as in `User:alice`.
        pub subject: Option<String>,
    }
}

header! {
    /// Changes the access rules of a subject. The body has the rules.
    ///
    /// The header of a request with code [`AUTH_UPDATE_ACL`](RequestCode::AUTH_UPDATE_ACL). Not in 4.9.
    pub struct UpdateAclRequestHeader {
        /// The subject, as in `User:alice`.
        pub subject: Option<String>,
    }
}

header! {
    /// Deletes access rules of a subject.
    ///
    /// The header of a request with code [`AUTH_DELETE_ACL`](RequestCode::AUTH_DELETE_ACL). Not in 4.9.
    pub struct DeleteAclRequestHeader {
        /// The subject, as in `User:alice`.
        pub subject: Option<String>,
        /// The kind of rules: `CUSTOM` or `DEFAULT`.
        pub policy_type: Option<String>,
        /// The resource of the rules; all resources if absent.
        pub resource: Option<String>,
    }
}

header! {
    /// Names a subject whose access rules are queried.
    ///
    /// The header of a request with code [`AUTH_GET_ACL`](RequestCode::AUTH_GET_ACL). Not in 4.9.
    pub struct GetAclRequestHeader {
        /// The subject, as in `User:alice`.
        pub subject: Option<String>,
    }
}

header! {
    /// Queries the access rules by subject and resource.
    ///
    /// The header of a request with code [`AUTH_LIST_ACL`](RequestCode::AUTH_LIST_ACL). Not in 4.9.
    pub struct ListAclsRequestHeader {
        /// The text that a subject must contain.
        pub subject_filter: Option<String>,
        /// The text that a resource must contain.
        pub resource_filter: Option<String>,
    }
}
