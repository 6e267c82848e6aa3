//! Headers of the key-value store of the name server.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Sets a key in a namespace of the name server.
    ///
    /// The header of a request with code [`PUT_KV_CONFIG`](RequestCode::PUT_KV_CONFIG).
    pub struct PutKVConfigRequestHeader {
        /// The namespace.
        pub namespace: String,
        /// The key.
        pub key: String,
        /// The value; may be empty.
        #[serde(default)]
        pub value: String,
    }
}

header! {
    /// Names a key in a namespace of the name server whose value is queried.
    ///
    /// The header of a request with code [`GET_KV_CONFIG`](RequestCode::GET_KV_CONFIG).
    pub struct GetKVConfigRequestHeader {
        /// The namespace.
        pub namespace: String,
        /// The key.
        pub key: String,
    }
}

header! {
    /// Returns the value of a key in a namespace of the name server.
    ///
    /// The header of a response to [`GET_KV_CONFIG`](RequestCode::GET_KV_CONFIG).
    pub struct GetKVConfigResponseHeader {
        /// The value.
        pub value: Option<String>,
    }
}

header! {
    /// Deletes a key in a namespace of the name server.
    ///
    /// The header of a request with code [`DELETE_KV_CONFIG`](RequestCode::DELETE_KV_CONFIG).
    pub struct DeleteKVConfigRequestHeader {
        /// The namespace.
        pub namespace: String,
        /// The key.
        pub key: String,
    }
}

header! {
    /// Names a namespace of the name server whose keys and values are queried.
    ///
    /// The header of a request with code [`GET_KVLIST_BY_NAMESPACE`](RequestCode::GET_KVLIST_BY_NAMESPACE).
    pub struct GetKVListByNamespaceRequestHeader {
        /// The namespace.
        pub namespace: String,
    }
}
