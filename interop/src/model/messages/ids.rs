//! Message ids.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use remoting_model::message::{MessageId, UniqueId, UniqueIdGenerator};

use super::describe::hex;
use super::java_messages::JavaMessages;
use super::random::Random;

const COUNT: usize = 1_000;

/// The time zone of the driver: UTC+8.
const UTC_OFFSET: i32 = 8 * 3600;

pub(super) async fn compare(java: &mut JavaMessages) -> anyhow::Result<()> {
    java_reads_ours(java).await?;
    we_read_those_of_java(java).await
}

async fn java_reads_ours(java: &mut JavaMessages) -> anyhow::Result<()> {
    let mut random = Random(1);
    let (mut ids, mut expected) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        let message = random.message_ext(true);
        let id = message.offset_msg_id();
        ids.push(format!("offset {id}"));
        expected.push(format!("{} {} {} {id}", ip(id.address.ip()), id.address.port(), id.offset));

        let generator =
            UniqueIdGenerator::new(message.born_host.ip(), random.next() as u32, random.next() as u32)
                .with_utc_offset(UTC_OFFSET);
        let now = SystemTime::now();
        let id = generator.generate(now);
        ids.push(format!("unique {id}"));
        expected.push(format!("{} {} {}", ip(id.ip), id.pid, millis(now)));
        // A time in the month before now.
        let id = UniqueId { elapsed: random.below(28 * 86_400_000) as u32, ..id };
        ids.push(format!("unique {id}"));
        expected.push(format!("{} {} {}", ip(id.ip), id.pid, millis(id.nearly_time(now, UTC_OFFSET))));
    }
    java.write("lines", ids.join("\n").as_bytes())?;
    java.execute("IDS", "").await?;
    let lines = java.lines()?;
    ensure!(lines.len() == ids.len(), "Java describes {} of {} ids", lines.len(), ids.len());
    for ((id, ours), java) in ids.iter().zip(&expected).zip(&lines) {
        ensure!(ours == java, "{id}: we have `{ours}`, Java `{java}`");
        if let Some(text) = id.strip_prefix("offset ") {
            ensure!(text.parse::<MessageId>()?.to_string() == text, "{id}");
        }
    }
    Ok(())
}

async fn we_read_those_of_java(java: &mut JavaMessages) -> anyhow::Result<()> {
    java.execute("NEW_IDS", &COUNT.to_string()).await?;
    let lines = java.lines()?;
    let [before, ids @ .., after] = &lines[..] else { anyhow::bail!("no lines") };
    let (before, after) = (before.parse::<u64>()?, after.parse::<u64>()?);
    ensure!(ids.len() == COUNT, "{} ids", ids.len());
    let first: UniqueId = ids.first().context("no id")?.parse()?;
    for (text, number) in ids.iter().zip(0..) {
        let id: UniqueId = text.parse()?;
        let time = millis(id.nearly_time(UNIX_EPOCH + Duration::from_millis(after + 1), UTC_OFFSET));
        ensure!((before..=after).contains(&time), "{text}: {time} is not between {before} and {after}");
        ensure!(id.counter == first.counter.wrapping_add(number), "{text}: its counter is {}", id.counter);
        ensure!(id.to_string() == *text, "{text} is written as {id}");
    }
    Ok(())
}

fn millis(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

fn ip(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => hex(&ip.octets()),
        IpAddr::V6(ip) => hex(&ip.octets()),
    }
}
