//! Lists of stored messages, and batches.

use anyhow::{Context, ensure};
use remoting_model::message::{
    Message, MessageBatch, MessageDecoder, MessageExt, MessageList, MessageSysFlag,
};

use super::describe::{describe, describe_content, unhex};
use super::java_messages::JavaMessages;
use super::random::Random;

/// Java reads what we have written, and we read what Java makes of it.
pub(super) async fn written_by_us(java: &mut JavaMessages, chunks: &[(u64, usize)]) -> anyhow::Result<()> {
    for &(seed, count) in chunks {
        let mut random = Random(seed);
        let messages: Vec<_> = (0..count).map(|_| random.message_ext(java.is_v5())).collect();
        let list = MessageList::encode(&messages)?;
        java.write("messages", list.as_bytes())?;
        java.execute("READ", "").await?;
        let lines = java.lines()?;
        let ours = read(&list, java.is_v5(), true)?;
        ensure!(lines.len() == ours.len(), "Java reads {} of {} messages", lines.len(), ours.len());
        for (message, line) in ours.iter().zip(&lines) {
            let (description, again) = line.rsplit_once(' ').context("a line without bytes")?;
            same(&describe(message), description)?;
            if again != "-" {
                let again = unhex(again).context("not hexadecimal")?;
                let mut again = MessageDecoder::new().decompress(false).decode(&again.into())?;
                again.store_size = message.store_size;
                same(&describe(message), &describe(&again))?;
            }
        }
    }
    Ok(())
}

/// We read what Java has written as Java reads it, and write it again with the same bytes.
pub(super) async fn written_by_java(java: &mut JavaMessages, chunks: &[(u64, usize)]) -> anyhow::Result<()> {
    for &(seed, count) in chunks {
        java.execute("WRITE", &format!("{seed} {count}")).await?;
        let list = MessageList::from(java.read("messages")?);
        let (lines, ours) = (java.lines()?, read(&list, java.is_v5(), false)?);
        ensure!(lines.len() == ours.len(), "we read {} of {} messages", ours.len(), lines.len());
        ours.iter().zip(&lines).try_for_each(|(message, line)| same(&describe(message), line))?;

        let stored = MessageDecoder::new().decompress(false).messages(&list);
        let again = MessageList::encode(&stored.collect::<Result<Vec<_>, _>>()?)?;
        // 4.9 leaves out the separator behind the last property.
        ensure!(!java.is_v5() || again == list, "the messages of seed {seed} are written with other bytes");
    }
    Ok(())
}

/// Reads a list with checksums, as Java of a version does.
fn read(list: &MessageList, v5: bool, unwrap: bool) -> anyhow::Result<Vec<MessageExt>> {
    let decoder =
        MessageDecoder::new().check_crc(true).max_decompressed(1 << 30).unwrap_inner_batches(unwrap);
    let mut messages = decoder.messages(list).collect::<Result<Vec<_>, _>>()?;
    if !v5 {
        let stored = MessageDecoder::new().decompress(false).messages(list);
        for (message, stored) in messages.iter_mut().zip(stored) {
            let is_compressed = stored?.sys_flag.contains(MessageSysFlag::COMPRESSED);
            message.sys_flag = message.sys_flag.with(MessageSysFlag::COMPRESSED, is_compressed);
        }
    }
    Ok(messages)
}

/// Java reads our batch, and we read Java's copy of it.
pub(super) async fn batches_written_by_us(
    java: &mut JavaMessages,
    chunks: &[(u64, usize)],
) -> anyhow::Result<()> {
    for &(seed, count) in chunks {
        let mut random = Random(seed);
        let messages: Vec<_> = (0..count).map(|_| random.message()).collect();
        java.write("messages", MessageBatch::encode(&messages)?.as_bytes())?;
        java.execute("READ_BATCH", "").await?;
        compare_batch(&messages, &java.lines()?)?;
        let again = MessageBatch::from(java.read("again")?);
        ensure!(again.messages("").collect::<Result<Vec<_>, _>>()? == messages, "Java's copy of seed {seed}");
    }
    Ok(())
}

/// We read Java's batch, and write it again with the same bytes.
pub(super) async fn batches_written_by_java(
    java: &mut JavaMessages,
    chunks: &[(u64, usize)],
) -> anyhow::Result<()> {
    for &(seed, count) in chunks {
        java.execute("WRITE_BATCH", &format!("{seed} {count}")).await?;
        let batch = MessageBatch::from(java.read("messages")?);
        let messages = batch.messages("").collect::<Result<Vec<_>, _>>()?;
        compare_batch(&messages, &java.lines()?)?;
        let again = MessageBatch::encode(&messages)?;
        ensure!(!java.is_v5() || again == batch, "the batch of seed {seed} is written with other bytes");
    }
    Ok(())
}

fn compare_batch(messages: &[Message], lines: &[String]) -> anyhow::Result<()> {
    ensure!(messages.len() == lines.len(), "we have {} messages, Java {}", messages.len(), lines.len());
    messages.iter().zip(lines).try_for_each(|(message, line)| {
        same(&format!("{} {}", message.flag, describe_content(&message.body, &message.properties)), line)
    })
}

fn same(ours: &str, java: &str) -> anyhow::Result<()> {
    ensure!(ours == java, "we have `{ours}`, Java `{java}`");
    Ok(())
}
