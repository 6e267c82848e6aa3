//! The texts of POP.

use std::collections::BTreeMap;
use std::fmt::Display;

use anyhow::ensure;
use remoting_model::message::{
    ExtraInfo, MsgOffsetInfo, OrderCountInfo, OrderCountKey, PopQueue, PopTopic, StartOffsetInfo,
};

use super::java_messages::JavaMessages;
use super::random::Random;

const COUNT: usize = 300;

/// Java reads our texts as we mean them.
pub(super) async fn compare(java: &mut JavaMessages) -> anyhow::Result<()> {
    let mut random = Random(1);
    let (mut texts, mut expected) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        let info = extra_info(&mut random);
        texts.push(format!("extra {info}"));
        expected.push(info.to_string());

        let start = StartOffsetInfo(by_queue(&mut random, number));
        texts.push(format!("start {start}"));
        expected.push(java_map(start.0.iter().map(|(queue, offset)| (key(*queue), offset))));

        let offsets = MsgOffsetInfo(by_queue(&mut random, |random| vec![number(random), number(random)]));
        texts.push(format!("offsets {offsets}"));
        expected
            .push(java_map(offsets.0.iter().map(|(queue, offsets)| (key(*queue), format!("{offsets:?}")))));

        let counts = by_queue(&mut random, |random| (number(random), random.next() as i32));
        let counts = OrderCountInfo(
            counts
                .into_iter()
                .flat_map(|(queue, (offset, count))| {
                    [(OrderCountKey::Queue(queue), count), (OrderCountKey::Message(queue, offset), !count)]
                })
                .collect(),
        );
        texts.push(format!("order {counts}"));
        expected.push(java_map(counts.0.iter().map(|(of, count)| match of {
            OrderCountKey::Queue(queue) => (key(*queue), count),
            OrderCountKey::Message(PopQueue { topic, queue_id }, offset) => {
                (format!("{topic}@qo{queue_id}%{offset}"), count)
            }
        })));
    }
    java.write("lines", texts.join("\n").as_bytes())?;
    java.execute("POP", "").await?;
    let lines = java.lines()?;
    ensure!(lines.len() == texts.len(), "{} of {} texts", lines.len(), texts.len());
    for ((text, ours), java) in texts.iter().zip(&expected).zip(&lines) {
        ensure!(ours == java, "{text}: we have `{ours}`, Java `{java}`");
    }
    Ok(())
}

fn number(random: &mut Random) -> i64 {
    random.next() as i64
}

fn queue(random: &mut Random) -> PopQueue {
    let topic = [PopTopic::Normal, PopTopic::Retry, PopTopic::RetryV2][random.below(3)];
    PopQueue::new(topic, random.next() as i32)
}

fn extra_info(random: &mut Random) -> ExtraInfo {
    let PopQueue { topic, queue_id } = queue(random);
    ExtraInfo {
        ck_queue_offset: number(random),
        pop_time: number(random),
        invisible_time: number(random),
        revive_queue_id: random.next() as i32,
        topic,
        broker_name: format!("broker-é-{}", random.below(100)),
        queue_id,
        queue_offset: Some(number(random)),
    }
}

fn by_queue<V>(random: &mut Random, value: impl Fn(&mut Random) -> V) -> BTreeMap<PopQueue, V> {
    (0..=random.below(4)).map(|_| (queue(random), value(random))).collect()
}

fn key(queue: PopQueue) -> String {
    format!("{}@{}", queue.topic, queue.queue_id)
}

/// Returns the text of a Java map, sorted by key.
fn java_map<V: Display>(entries: impl Iterator<Item = (String, V)>) -> String {
    let entries: BTreeMap<String, V> = entries.collect();
    let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{{{}}}", entries.join(", "))
}
