//! Users and access control lists.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::DataVersion;

/// A user. Java's `UserInfo`. Since 5.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UserInfo {
    /// The password.
    pub password: Option<String>,
    /// `enable` or `disable`.
    pub user_status: Option<String>,
    /// `Super` or `Normal`.
    pub user_type: Option<String>,
    /// The name.
    pub username: Option<String>,
}

impl JsonBody for UserInfo {}

/// What a user may do. Java's `AclInfo`. Since 5.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AclInfo {
    /// The policies.
    pub policies: Vec<PolicyInfo>,
    /// The user, such as `User:alice`.
    pub subject: Option<String>,
}

impl JsonBody for AclInfo {}

/// A policy of an [`AclInfo`]. Java's `AclInfo.PolicyInfo`. Since 5.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyInfo {
    /// The entries.
    pub entries: Vec<PolicyEntryInfo>,
    /// `Custom` or `Default`.
    pub policy_type: Option<String>,
}

/// An entry of a policy. Java's `AclInfo.PolicyEntryInfo`. Since 5.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyEntryInfo {
    /// The actions, such as `Pub`.
    pub actions: Vec<String>,
    /// `Allow` or `Deny`.
    pub decision: Option<String>,
    /// The resource, such as `Topic:orders`.
    pub resource: Option<String>,
    /// The addresses that the entry applies to; if empty, all.
    pub source_ips: Vec<String>,
}

/// The versions of a broker's access control files. Java's `ClusterAclVersionInfo`. Only in 4.9.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterAclVersionInfo {
    /// The version of the main file.
    pub acl_config_data_version: Option<DataVersion>,
    /// The version of each file, by its path.
    pub all_acl_config_data_version: BTreeMap<String, DataVersion>,
    /// The address of the broker.
    pub broker_addr: String,
    /// The name of the broker.
    pub broker_name: String,
    /// The name of the cluster.
    pub cluster_name: String,
}

impl JsonBody for ClusterAclVersionInfo {}
