/// The types of prost for the wrappers of `google/protobuf/wrappers.proto` that have no path.
const PRIMITIVES: [&str; 7] = ["bool", "f32", "f64", "i32", "i64", "u32", "u64"];

/// Writes a primitive type as a path that is the same in all modules: here and in tonic's, other types are those of the
/// package.
pub(super) fn qualify(path: &mut String) {
    if PRIMITIVES.contains(&&**path) {
        path.insert_str(0, "::core::primitive::");
    }
}
