//! Headers about users.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Creates a user. The body has the password and the rights.
    ///
    /// The header of a request with code [`AUTH_CREATE_USER`](RequestCode::AUTH_CREATE_USER). Not in 4.9.
    pub struct CreateUserRequestHeader {
        /// The name of the user.
        pub username: Option<String>,
    }
}

header! {
    /// Changes a user. The body has the changes.
    ///
    /// The header of a request with code [`AUTH_UPDATE_USER`](RequestCode::AUTH_UPDATE_USER). Not in 4.9.
    pub struct UpdateUserRequestHeader {
        /// The name of the user.
        pub username: Option<String>,
    }
}

header! {
    /// Deletes a user.
    ///
    /// The header of a request with code [`AUTH_DELETE_USER`](RequestCode::AUTH_DELETE_USER). Not in 4.9.
    pub struct DeleteUserRequestHeader {
        /// The name of the user.
        pub username: Option<String>,
    }
}

header! {
    /// Names a user who is queried.
    ///
    /// The header of a request with code [`AUTH_GET_USER`](RequestCode::AUTH_GET_USER). Not in 4.9.
    pub struct GetUserRequestHeader {
        /// The name of the user.
        pub username: Option<String>,
    }
}

header! {
    /// Queries the users whose names contain a text.
    ///
    /// The header of a request with code [`AUTH_LIST_USER`](RequestCode::AUTH_LIST_USER). Not in 4.9.
    pub struct ListUsersRequestHeader {
        /// The text that a name must contain; all users if absent.
        pub filter: Option<String>,
    }
}
