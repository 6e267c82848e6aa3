use std::fmt;

/// Declares [`Code`] with its numbers and names.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $number:literal, $name:literal;)+) => {
        /// The outcome of a call: gRPC's status codes.
        ///
        /// `Display` prints the name of gRPC's specification, such as `NOT_FOUND`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $code = $number,)+
        }

        impl Code {
            /// All codes, in the order of their numbers.
            pub const ALL: [Self; 17] = [$(Self::$code),+];

            /// Returns the name of the code in gRPC's specification.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }
        }
    };
}

codes! {
    /// The call succeeded.
    Ok = 0, "OK";
    /// The call was cancelled, usually by its caller.
    Cancelled = 1, "CANCELLED";
    /// A failure that says no more, such as an exception of a Java peer.
    Unknown = 2, "UNKNOWN";
    /// An argument is invalid in any state of the system.
    InvalidArgument = 3, "INVALID_ARGUMENT";
    /// The time of the call ran out. The method may have succeeded.
    DeadlineExceeded = 4, "DEADLINE_EXCEEDED";
    /// Something that was asked for does not exist.
    NotFound = 5, "NOT_FOUND";
    /// Something that was to be created exists.
    AlreadyExists = 6, "ALREADY_EXISTS";
    /// The caller is known, and may not do this.
    PermissionDenied = 7, "PERMISSION_DENIED";
    /// A quota or a capacity is used up.
    ResourceExhausted = 8, "RESOURCE_EXHAUSTED";
    /// The system is not in the state that the method requires.
    FailedPrecondition = 9, "FAILED_PRECONDITION";
    /// The method was aborted, usually by a conflict with another one.
    Aborted = 10, "ABORTED";
    /// A position is outside of the valid range.
    OutOfRange = 11, "OUT_OF_RANGE";
    /// The peer does not have the method.
    Unimplemented = 12, "UNIMPLEMENTED";
    /// An invariant of the system is broken.
    Internal = 13, "INTERNAL";
    /// The service is not available for now: repeat the call later.
    Unavailable = 14, "UNAVAILABLE";
    /// Data is lost or corrupted.
    DataLoss = 15, "DATA_LOSS";
    /// The caller is not known.
    Unauthenticated = 16, "UNAUTHENTICATED";
}

impl Code {
    /// Returns the code with this number, or `None` if gRPC has no such code.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// Returns the number of the code, as gRPC sends it.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_its_number_and_no_other_number_is_a_code() {
        for (place, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(code.number(), i32::try_from(place).unwrap());
            assert_eq!(Code::from_number(code.number()), Some(code));
        }
        for number in [-1, 17, i32::MAX, i32::MIN] {
            assert_eq!(Code::from_number(number), None);
        }
    }
}
