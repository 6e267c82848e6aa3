//! A request as its receiver decoded it, in the format of `Seen.java`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use remoting::protocol::{RemotingCommand, SerializeType};

/// One field a line. What a decoder may read as null or as absent (an ext field without a value, an empty
/// remark, over ROCKETMQ) is left out.
pub(super) fn describe(command: &RemotingCommand) -> String {
    let empty_is_null = command.serialize_type() == SerializeType::RocketMq;
    let absent = |text: &str| empty_is_null && text.is_empty();
    let mut text = String::new();
    let serialize = if empty_is_null { "ROCKETMQ" } else { "JSON" };
    let language = command.language().name().unwrap_or("?");
    let _ = writeln!(text, "type={serialize}\ncode={}\nlanguage={language}", command.code());
    let _ = writeln!(text, "version={}\nflag={}", command.version().0, command.flags().0);
    if let Some(remark) = command.remark().filter(|remark| !absent(remark)) {
        let _ = writeln!(text, "remark={}", escape(remark));
    }
    // Sorted; of a repeated key the last value counts, as in Java's map.
    let fields: BTreeMap<&str, &str> =
        command.ext_fields().into_iter().flat_map(|fields| fields.iter()).collect();
    for (key, value) in fields.into_iter().filter(|(_, value)| !absent(value)) {
        let _ = writeln!(text, "ext {}={}", escape(key), escape(value));
    }
    let _ = writeln!(text, "body={}", command.body().len());
    text
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}
