//! The definition of operations.

/// Defines an [`Operation`](crate::operation::Operation): a struct that is the request, with the public fields `header`
/// and `body` as far as the request has them.
///
/// ```text
/// operation! {
///     /// Documentation.
///     pub Name = CODE, { header: Header, body: Body } -> { header: Header, body: Body }
/// }
/// ```
///
/// Each pair of braces may have a header (a [`CommandHeader`](crate::operation::CommandHeader)), a body (a
/// [`CommandBody`](crate::operation::CommandBody)), both or neither. The response is the header, the body, the pair
/// `(header, body)`, or `()`.
///
/// A response of any code but `SUCCESS` is an error for a typed call. `-> { … } or CODE | CODE` names further codes
/// whose responses have the content.
///
/// See [`operation`](mod@crate::operation) for an example.
#[macro_export]
macro_rules! operation {
    (
        $(#[$meta:meta])*
        $vis:vis $name:ident = $code:expr, { $($request:tt)* } -> { $($response:tt)* } $(or $($other:path)|+)?
    ) => {
        $crate::__operation! { @struct [$(#[$meta])*] $vis $name { $($request)* } }

        impl $crate::operation::Operation for $name {
            const CODE: $crate::RequestCode = $code;
            const NAME: &'static str = stringify!($name);
            type Response = $crate::__operation! { @response { $($response)* } };

            $(
                fn has_content(code: $crate::ResponseCode) -> bool {
                    code.is_success() $(|| code == $other)+
                }
            )?

            $crate::__operation! { @request { $($request)* } }
            $crate::__operation! { @answer { $($response)* } }
        }
    };
}

/// The parts of [`operation!`]. Not public API.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    (@struct [$(#[$meta:meta])*] $vis:vis $name:ident {}) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        $vis struct $name;
    };
    (@struct [$(#[$meta:meta])*] $vis:vis $name:ident { header: $header:ty $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            /// The header of the request.
            pub header: $header,
        }

        impl ::core::convert::From<$header> for $name {
            fn from(header: $header) -> Self {
                Self { header }
            }
        }
    };
    (@struct [$(#[$meta:meta])*] $vis:vis $name:ident { body: $body:ty $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            /// The body of the request.
            pub body: $body,
        }

        impl ::core::convert::From<$body> for $name {
            fn from(body: $body) -> Self {
                Self { body }
            }
        }
    };
    (@struct [$(#[$meta:meta])*] $vis:vis $name:ident { header: $header:ty, body: $body:ty $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            /// The header of the request.
            pub header: $header,
            /// The body of the request.
            pub body: $body,
        }

        impl ::core::convert::From<($header, $body)> for $name {
            fn from((header, body): ($header, $body)) -> Self {
                Self { header, body }
            }
        }
    };

    (@response {}) => { () };
    (@response { header: $header:ty $(,)? }) => { $header };
    (@response { body: $body:ty $(,)? }) => { $body };
    (@response { header: $header:ty, body: $body:ty $(,)? }) => { ($header, $body) };

    (@request {}) => {
        fn into_request(self) -> ::core::result::Result<$crate::RemotingCommand, $crate::operation::ContentError> {
            ::core::result::Result::Ok($crate::RemotingCommand::request(Self::CODE))
        }

        fn from_request(
            _request: &$crate::RemotingCommand,
        ) -> ::core::result::Result<Self, $crate::operation::ContentError> {
            ::core::result::Result::Ok(Self)
        }
    };
    (@request { header: $header:ty $(,)? }) => {
        fn into_request(self) -> ::core::result::Result<$crate::RemotingCommand, $crate::operation::ContentError> {
            let mut request = $crate::RemotingCommand::request(Self::CODE);
            $crate::operation::CommandHeader::encode(&self.header, &mut request)?;
            ::core::result::Result::Ok(request)
        }

        fn from_request(
            request: &$crate::RemotingCommand,
        ) -> ::core::result::Result<Self, $crate::operation::ContentError> {
            ::core::result::Result::Ok(Self { header: $crate::operation::CommandHeader::decode(request)? })
        }
    };
    (@request { body: $body:ty $(,)? }) => {
        fn into_request(self) -> ::core::result::Result<$crate::RemotingCommand, $crate::operation::ContentError> {
            let mut request = $crate::RemotingCommand::request(Self::CODE);
            let body = $crate::operation::CommandBody::encode(self.body, &mut request)?;
            ::core::result::Result::Ok(request.with_body(body))
        }

        fn from_request(
            request: &$crate::RemotingCommand,
        ) -> ::core::result::Result<Self, $crate::operation::ContentError> {
            ::core::result::Result::Ok(Self { body: $crate::operation::CommandBody::decode(request)? })
        }
    };
    (@request { header: $header:ty, body: $body:ty $(,)? }) => {
        fn into_request(self) -> ::core::result::Result<$crate::RemotingCommand, $crate::operation::ContentError> {
            let mut request = $crate::RemotingCommand::request(Self::CODE);
            $crate::operation::CommandHeader::encode(&self.header, &mut request)?;
            let body = $crate::operation::CommandBody::encode(self.body, &mut request)?;
            ::core::result::Result::Ok(request.with_body(body))
        }

        fn from_request(
            request: &$crate::RemotingCommand,
        ) -> ::core::result::Result<Self, $crate::operation::ContentError> {
            ::core::result::Result::Ok(Self {
                header: $crate::operation::CommandHeader::decode(request)?,
                body: $crate::operation::CommandBody::decode(request)?,
            })
        }
    };

    (@answer {}) => {
        fn write_response(
            (): (),
            _response: &mut $crate::RemotingCommand,
        ) -> ::core::result::Result<(), $crate::operation::ContentError> {
            ::core::result::Result::Ok(())
        }

        fn read_response(
            _response: &$crate::RemotingCommand,
        ) -> ::core::result::Result<(), $crate::operation::ContentError> {
            ::core::result::Result::Ok(())
        }
    };
    (@answer { header: $header:ty $(,)? }) => {
        fn write_response(
            header: $header,
            response: &mut $crate::RemotingCommand,
        ) -> ::core::result::Result<(), $crate::operation::ContentError> {
            ::core::result::Result::Ok($crate::operation::CommandHeader::encode(&header, response)?)
        }

        fn read_response(
            response: &$crate::RemotingCommand,
        ) -> ::core::result::Result<$header, $crate::operation::ContentError> {
            ::core::result::Result::Ok($crate::operation::CommandHeader::decode(response)?)
        }
    };
    (@answer { body: $body:ty $(,)? }) => {
        fn write_response(
            body: $body,
            response: &mut $crate::RemotingCommand,
        ) -> ::core::result::Result<(), $crate::operation::ContentError> {
            let body = $crate::operation::CommandBody::encode(body, response)?;
            response.set_body(body);
            ::core::result::Result::Ok(())
        }

        fn read_response(
            response: &$crate::RemotingCommand,
        ) -> ::core::result::Result<$body, $crate::operation::ContentError> {
            ::core::result::Result::Ok($crate::operation::CommandBody::decode(response)?)
        }
    };
    (@answer { header: $header:ty, body: $body:ty $(,)? }) => {
        fn write_response(
            (header, body): ($header, $body),
            response: &mut $crate::RemotingCommand,
        ) -> ::core::result::Result<(), $crate::operation::ContentError> {
            $crate::operation::CommandHeader::encode(&header, response)?;
            let body = $crate::operation::CommandBody::encode(body, response)?;
            response.set_body(body);
            ::core::result::Result::Ok(())
        }

        fn read_response(
            response: &$crate::RemotingCommand,
        ) -> ::core::result::Result<($header, $body), $crate::operation::ContentError> {
            ::core::result::Result::Ok((
                $crate::operation::CommandHeader::decode(response)?,
                $crate::operation::CommandBody::decode(response)?,
            ))
        }
    };
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde::{Deserialize, Serialize};

    use crate::operation::{CommandHeader, ContentError, Json, JsonBody, Operation};
    use crate::{HeaderError, RemotingCommand, RequestCode, ResponseCode};

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Head {
        topic: String,
    }
    impl CommandHeader for Head {}

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Table {
        rows: Vec<i32>,
    }
    impl JsonBody for Table {}

    operation! { Ping = RequestCode(20_001), {} -> {} }
    operation! { Head2Body = RequestCode(20_002), { header: Head } -> { body: Table } }
    operation! { Body2Head = RequestCode(20_003), { body: Json<Vec<i32>> } -> { header: Head, } }
    operation! {
        Both = RequestCode(20_004), { header: Head, body: Bytes } -> { header: Head, body: Table }
            or ResponseCode::FLUSH_DISK_TIMEOUT | ResponseCode::SLAVE_NOT_AVAILABLE
    }

    fn head() -> Head {
        Head { topic: "orders".to_owned() }
    }

    fn table() -> Table {
        Table { rows: vec![1, 2] }
    }

    #[test]
    fn a_request_has_the_code_the_header_and_the_body_of_its_operation() {
        let request = Both { header: head(), body: Bytes::from_static(b"x") }.into_request().unwrap();
        assert_eq!(
            (request.code(), request.ext_field("topic"), request.body()),
            (20_004, Some("orders"), &b"x"[..])
        );
        let read = Both::from_request(&request).unwrap();
        assert_eq!((read.header, &read.body[..]), (head(), &b"x"[..]));

        let request = Body2Head::from(Json(vec![3])).into_request().unwrap();
        assert_eq!(request.body(), b"[3]");
        assert_eq!(*Body2Head::from_request(&request).unwrap().body, [3]);
        assert_eq!(Ping.into_request().unwrap(), RemotingCommand::request(RequestCode(20_001)));
    }

    #[test]
    fn a_response_is_a_header_a_body_both_or_nothing() {
        fn round<O: Operation>(content: O::Response) -> O::Response {
            let mut response = RemotingCommand::response(ResponseCode::SUCCESS);
            O::write_response(content, &mut response).unwrap();
            O::read_response(&response).unwrap()
        }
        round::<Ping>(());
        assert_eq!(round::<Head2Body>(table()), table());
        assert_eq!(round::<Body2Head>(head()), head());
        assert_eq!(round::<Both>((head(), table())), (head(), table()));
    }

    #[test]
    fn only_the_codes_that_an_operation_names_have_content() {
        assert!(
            Both::has_content(ResponseCode::SUCCESS) && Both::has_content(ResponseCode::FLUSH_DISK_TIMEOUT)
        );
        assert!(!Both::has_content(ResponseCode::SYSTEM_ERROR));
        assert!(!Ping::has_content(ResponseCode::FLUSH_DISK_TIMEOUT));
    }

    #[test]
    fn a_request_without_a_required_field_is_an_error_that_names_it() {
        let error = Head2Body::from_request(&RemotingCommand::request(Head2Body::CODE)).unwrap_err();
        assert!(
            matches!(error, ContentError::Header(HeaderError::Missing { field, .. }) if field == "topic")
        );
    }
}
