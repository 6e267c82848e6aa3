//! Headers of access control. Java: package `header`.

mod access_config;
mod acl;
mod user;

pub use self::access_config::*;
pub use self::acl::*;
pub use self::user::*;
