//! Keys of ext fields that are not fields of a typed header.

/// The zone of a client or a broker. Java: `MixAll.ZONE_NAME`.
pub const ZONE_NAME: &str = "__ZONE_NAME";

/// Whether a name server returns only the brokers of the client's zone: `true` or absent. Java: `MixAll.ZONE_MODE`.
pub const ZONE_MODE: &str = "__ZONE_MODE";

/// The number of gRPC's status code in the response of a service that is described in a `.proto` file. Only the method of
/// such a service sets it, so a response that has it was not refused before the method ran. Java has no such field.
pub const GRPC_STATUS: &str = "grpc-status";
