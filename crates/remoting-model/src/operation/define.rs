//! The macro of the table.

/// Defines operations with `remoting_protocol::operation!`, and the list of what is known of them at run time.
///
/// ```text
/// operations! {
///     LIST;
///
///     /// Documentation.
///     Name = CODE, [Sender] -> [Server] "JavaHandler", { request } -> { response } or RESPONSE_CODE | …;
/// }
/// ```
macro_rules! operations {
    (
        $list:ident;

        $(
            $(#[doc = $doc:literal])+
            $name:ident = $code:ident, [$($from:ident),+] -> [$($to:ident),+] $handler:literal,
            { $($request:tt)* } -> { $($response:tt)* } $(or $($other:ident)|+)?;
        )*
    ) => {
        $(
            ::remoting_protocol::operation! {
                $(#[doc = $doc])+
                ///
                #[doc = concat!("* Code: [`", stringify!($code), "`](::remoting_protocol::RequestCode::", stringify!($code), ")")]
                #[doc = concat!("* Request: ", $crate::operation::define::content!(@doc { $($request)* }))]
                #[doc = concat!("* Response: ", $crate::operation::define::content!(@doc { $($response)* }))]
                $(
                    #[doc = concat!(
                        "* Response codes with this content, beside `SUCCESS`:",
                        $(" `", stringify!($other), "`",)+
                    )]
                )?
                #[doc = concat!("* Sent by:", $(" ", stringify!($from),)+)]
                #[doc = concat!("* Answered by:", $(" ", stringify!($to),)+ "; in Java by `", $handler, "`")]
                pub $name = ::remoting_protocol::RequestCode::$code,
                    { $($request)* } -> { $($response)* } $(or $(::remoting_protocol::ResponseCode::$other)|+)?
            }
        )*

        pub(super) const $list: &[$crate::operation::OperationInfo] = &[
            $(
                $crate::operation::OperationInfo {
                    code: ::remoting_protocol::RequestCode::$code,
                    name: stringify!($name),
                    summary: $crate::operation::define::first!($($doc),+),
                    sent_by: &[$($crate::operation::Role::$from),+],
                    answered_by: &[$($crate::operation::Role::$to),+],
                    java_handler: $handler,
                    request: $crate::operation::define::content!(@info { $($request)* }),
                    response: $crate::operation::define::content!(@info { $($response)* }),
                    content_codes: &[
                        ::remoting_protocol::ResponseCode::SUCCESS,
                        $($(::remoting_protocol::ResponseCode::$other),+)?
                    ],
                },
            )*
        ];
    };
}

/// The content of a request or response: its documentation, or what is known of it at run time.
macro_rules! content {
    (@doc {}) => {
        "nothing"
    };
    (@doc { header: Option<$header:ty> $(,)? }) => {
        concat!("the header [`", stringify!($header), "`], which may be absent")
    };
    (@doc { header: Option<$header:ty>, body: $body:ty $(,)? }) => {
        concat!(
            "the header [`", stringify!($header), "`], which may be absent, and the body [`", stringify!($body), "`]"
        )
    };
    (@doc { header: $header:ty $(,)? }) => {
        concat!("the header [`", stringify!($header), "`]")
    };
    (@doc { body: $body:ty $(,)? }) => {
        concat!("the body [`", stringify!($body), "`]")
    };
    (@doc { header: $header:ty, body: $body:ty $(,)? }) => {
        concat!("the header [`", stringify!($header), "`] and the body [`", stringify!($body), "`]")
    };
    (@info {}) => {
        $crate::operation::ContentInfo { header: None, body: None }
    };
    (@info { header: Option<$header:ty> $(, body: $body:ty)? $(,)? }) => {{
        let mut content = $crate::operation::define::content!(@info { header: $header $(, body: $body)? });
        content.header = Some($crate::operation::HeaderInfo::optional::<$header>(stringify!($header)));
        content
    }};
    (@info { header: $header:ty $(,)? }) => {
        $crate::operation::ContentInfo {
            header: Some($crate::operation::HeaderInfo::of::<$header>(stringify!($header))),
            body: None,
        }
    };
    (@info { body: $body:ty $(,)? }) => {
        $crate::operation::ContentInfo { header: None, body: Some(stringify!($body)) }
    };
    (@info { header: $header:ty, body: $body:ty $(,)? }) => {
        $crate::operation::ContentInfo {
            header: Some($crate::operation::HeaderInfo::of::<$header>(stringify!($header))),
            body: Some(stringify!($body)),
        }
    };
}

macro_rules! first {
    ($first:literal $(, $rest:literal)*) => {
        $first
    };
}

pub(super) use {content, first, operations};
