//! Operations on users and access control lists.

use remoting_protocol::operation::Json;

use super::define::operations;
use crate::body::{AclInfo, UserInfo};
use crate::header::{
    CreateAclRequestHeader, CreateUserRequestHeader, DeleteAclRequestHeader, DeleteUserRequestHeader,
    GetAclRequestHeader, GetUserRequestHeader, ListAclsRequestHeader, ListUsersRequestHeader,
    UpdateAclRequestHeader, UpdateUserRequestHeader,
};

operations! {
    AUTH;

    /// Creates a user.
    AuthCreateUser = AUTH_CREATE_USER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CreateUserRequestHeader, body: UserInfo } -> {};

    /// Changes a user.
    AuthUpdateUser = AUTH_UPDATE_USER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: UpdateUserRequestHeader, body: UserInfo } -> {};

    /// Deletes a user.
    AuthDeleteUser = AUTH_DELETE_USER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: DeleteUserRequestHeader } -> {};

    /// Fetches a user.
    AuthGetUser = AUTH_GET_USER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetUserRequestHeader } -> { body: UserInfo };

    /// Lists users.
    AuthListUser = AUTH_LIST_USER, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ListUsersRequestHeader } -> { body: Json<Vec<UserInfo>> };

    /// Creates an access control list.
    AuthCreateAcl = AUTH_CREATE_ACL, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CreateAclRequestHeader, body: AclInfo } -> {};

    /// Changes an access control list.
    AuthUpdateAcl = AUTH_UPDATE_ACL, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: UpdateAclRequestHeader, body: AclInfo } -> {};

    /// Deletes an access control list.
    AuthDeleteAcl = AUTH_DELETE_ACL, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: DeleteAclRequestHeader } -> {};

    /// Fetches an access control list.
    AuthGetAcl = AUTH_GET_ACL, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: GetAclRequestHeader } -> { body: AclInfo };

    /// Lists access control lists.
    AuthListAcl = AUTH_LIST_ACL, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ListAclsRequestHeader } -> { body: Json<Vec<AclInfo>> };
}
