//! Headers of the access control of 4.9.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Creates or changes the permissions of an access key.
    ///
    /// The header of a request with code
    /// [`UPDATE_AND_CREATE_ACL_CONFIG`](RequestCode::UPDATE_AND_CREATE_ACL_CONFIG). Only in 4.9.
    pub struct CreateAccessConfigRequestHeader {
        /// The access key.
        pub access_key: String,
        /// The secret key.
        pub secret_key: Option<String>,
        /// The addresses from which the access key needs no signature.
        pub white_remote_address: Option<String>,
        /// Whether the user is an administrator.
        #[serde(default)]
        pub admin: bool,
        /// The permission for topics that are not listed: `DENY`, `PUB`, `SUB`, or `PUB|SUB`.
        pub default_topic_perm: Option<String>,
        /// The permission for groups that are not listed: `DENY`, `PUB`, `SUB`, or `PUB|SUB`.
        pub default_group_perm: Option<String>,
        /// The permissions of topics, as in `topicA=DENY,topicB=PUB|SUB`.
        pub topic_perms: Option<String>,
        /// The permissions of groups, as in `groupA=DENY,groupB=SUB`.
        pub group_perms: Option<String>,
    }
}

header! {
    /// Deletes the permissions of an access key.
    ///
    /// The header of a request with code [`DELETE_ACL_CONFIG`](RequestCode::DELETE_ACL_CONFIG). Only in 4.9.
    pub struct DeleteAccessConfigRequestHeader {
        /// The access key.
        pub access_key: String,
    }
}

header! {
    /// Sets the addresses that need no access key.
    ///
    /// The header of a request with code
    /// [`UPDATE_GLOBAL_WHITE_ADDRS_CONFIG`](RequestCode::UPDATE_GLOBAL_WHITE_ADDRS_CONFIG). Only in 4.9.
    pub struct UpdateGlobalWhiteAddrsConfigRequestHeader {
        /// The addresses, separated by `,`; none if empty.
        #[serde(default)]
        pub global_white_addrs: String,
        /// The path of the file to change; the default file if empty.
        #[serde(default)]
        pub acl_file_full_path: String,
    }
}

header! {
    /// Returns the version of the permissions of a broker.
    ///
    /// The header of a response to [`GET_BROKER_CLUSTER_ACL_INFO`](RequestCode::GET_BROKER_CLUSTER_ACL_INFO).
    /// Only in 4.9.
    pub struct GetBrokerAclConfigResponseHeader {
        /// The version, as JSON.
        #[serde(default)]
        pub version: String,
        /// The versions of all files, as JSON.
        pub all_acl_file_version: Option<String>,
        /// The name of the broker.
        #[serde(default)]
        pub broker_name: String,
        /// The address of the broker.
        #[serde(default)]
        pub broker_addr: String,
        /// The name of the cluster.
        #[serde(default)]
        pub cluster_name: String,
    }
}
