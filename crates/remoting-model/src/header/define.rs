//! The definition of a header: a plain serde struct under the name of a Java class.

/// Defines the struct of a Java header.
///
/// The Java class that it extends stands behind a colon. The fields of that class are added behind its own.
///
/// `default { field: value }` sets a field in `Default` to another value than zero, false or none, as the constructor
/// of the Java class does.
macro_rules! header {
    (
        $(#[$meta:meta])*
        pub struct $name:ident: TopicRequestHeader { $($fields:tt)* }
        $($default:tt)*
    ) => {
        $crate::header::define::header! {
            $(#[$meta])*
            pub struct $name: RpcRequestHeader {
                $($fields)*
                /// Whether a queue is the logical queue of a static topic. Inherited from `TopicRequestHeader`; not in
                /// 4.9.
                pub lo: Option<bool>,
            }
            $($default)*
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident: RpcRequestHeader { $($fields:tt)* }
        $($default:tt)*
    ) => {
        $crate::header::define::header! {
            $(#[$meta])*
            pub struct $name {
                $($fields)*
                /// The namespace of topic and group. Inherited from `RpcRequestHeader`; not in 4.9.
                pub ns: Option<String>,
                /// Whether topic and group have the namespace as a prefix. Inherited from `RpcRequestHeader`; not in
                /// 4.9.
                pub nsd: Option<bool>,
                /// The name of the broker that a proxy forwards the request to. Inherited from `RpcRequestHeader`.
                pub bname: Option<String>,
                /// Whether the request is one-way. Inherited from `RpcRequestHeader`; not in 4.9.
                pub oway: Option<bool>,
            }
            $($default)*
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($fields:tt)* }
    ) => {
        $crate::header::define::header! {
            @struct
            #[derive(Default)]
            $(#[$meta])*
            pub struct $name { $($fields)* }
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* }
        default { $($set:ident: $value:expr),+ }
    ) => {
        $crate::header::define::header! {
            @struct
            $(#[$meta])*
            pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }
        }

        impl Default for $name {
            fn default() -> Self {
                let mut header = Self { $($field: Default::default(),)* };
                $(header.$set = $value;)+
                header
            }
        }
    };
    (
        @struct
        $(#[$meta:meta])*
        pub struct $name:ident { $($fields:tt)* }
    ) => {
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        $(#[$meta])*
        #[doc = ""]
        #[doc = concat!("Java: `", stringify!($name), "`.")]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($fields)* }

        impl ::remoting_protocol::operation::CommandHeader for $name {}
    };
}

pub(crate) use header;
