//! Flags of topics, subscriptions and pull requests.

use std::ops::{BitAnd, BitOr, Not};

macro_rules! sys_flag {
    ($(#[$meta:meta])* $name:ident { $($(#[$bit_meta:meta])* $bit:ident = $value:literal, $has:ident;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub i32);

        impl $name {
            $(
                $(#[$bit_meta])*
                pub const $bit: Self = Self($value);
            )*

            $(
                #[doc = concat!("Returns whether [`", stringify!($bit), "`](Self::", stringify!($bit), ") is set.")]
                #[must_use]
                pub const fn $has(self) -> bool {
                    self.0 & Self::$bit.0 != 0
                }
            )*
        }

        impl BitOr for $name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl BitAnd for $name {
            type Output = Self;

            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }

        impl Not for $name {
            type Output = Self;

            fn not(self) -> Self {
                Self(!self.0)
            }
        }
    };
}

sys_flag! {
    /// The field `topicSysFlag` of a topic or a queue. Java: `TopicSysFlag`.
    TopicSysFlag {
        /// The topic belongs to a unit.
        UNIT = 1, has_unit;
        /// Consumers of a unit subscribe to the topic.
        UNIT_SUB = 2, has_unit_sub;
    }
}

sys_flag! {
    /// The field `groupSysFlag` of a consumer group. Java: `SubscriptionSysFlag`.
    SubscriptionSysFlag {
        /// The group belongs to a unit.
        UNIT = 1, has_unit;
    }
}

sys_flag! {
    /// The field `sysFlag` of a pull request. Java: `PullSysFlag`.
    PullSysFlag {
        /// The request commits the consumer's offset, the field `commitOffset`.
        COMMIT_OFFSET = 1, has_commit_offset;
        /// The broker may hold the request until a message arrives.
        SUSPEND = 2, has_suspend;
        /// The request has the expression of the subscription.
        SUBSCRIPTION = 4, has_subscription;
        /// The consumer filters by a class.
        CLASS_FILTER = 8, has_class_filter;
        /// The request comes from a lite pull consumer.
        LITE_PULL_MESSAGE = 16, has_lite_pull;
    }
}
