use std::borrow::Cow;

use super::Status;
use crate::code::Code;

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident = $code:ident;)+) => {
        /// # A constructor for each code
        impl Status {
            $($(#[$doc])*
            pub fn $name(message: impl Into<Cow<'static, str>>) -> Self {
                Self::new(Code::$code, message)
            })+
        }
    };
}

constructors! {
    /// Creates a [`Code::Cancelled`]: the call was cancelled.
    cancelled = Cancelled;
    /// Creates a [`Code::Unknown`]: a failure that says no more.
    unknown = Unknown;
    /// Creates a [`Code::InvalidArgument`]: an argument is invalid in any state of the system.
    invalid_argument = InvalidArgument;
    /// Creates a [`Code::DeadlineExceeded`]: the time of the call ran out.
    deadline_exceeded = DeadlineExceeded;
    /// Creates a [`Code::NotFound`]: something that was asked for does not exist.
    not_found = NotFound;
    /// Creates a [`Code::AlreadyExists`]: something that was to be created exists.
    already_exists = AlreadyExists;
    /// Creates a [`Code::PermissionDenied`]: the caller may not do this.
    permission_denied = PermissionDenied;
    /// Creates a [`Code::ResourceExhausted`]: a quota or a capacity is used up.
    resource_exhausted = ResourceExhausted;
    /// Creates a [`Code::FailedPrecondition`]: the system is not in the state that the method requires.
    failed_precondition = FailedPrecondition;
    /// Creates a [`Code::Aborted`]: the method was aborted by a conflict.
    aborted = Aborted;
    /// Creates a [`Code::OutOfRange`]: a position is outside of the valid range.
    out_of_range = OutOfRange;
    /// Creates a [`Code::Unimplemented`]: the peer does not have the method.
    unimplemented = Unimplemented;
    /// Creates a [`Code::Internal`]: an invariant of the system is broken.
    internal = Internal;
    /// Creates a [`Code::Unavailable`]: the service is not available for now.
    unavailable = Unavailable;
    /// Creates a [`Code::DataLoss`]: data is lost or corrupted.
    data_loss = DataLoss;
    /// Creates a [`Code::Unauthenticated`]: the caller is not known.
    unauthenticated = Unauthenticated;
}
