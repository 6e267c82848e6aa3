use super::*;

fn extra_info() -> ExtraInfo {
    ExtraInfo {
        ck_queue_offset: 100,
        pop_time: 1_700_000_000_000,
        invisible_time: 60_000,
        revive_queue_id: 3,
        topic: PopTopic::RetryV2,
        broker_name: "broker-a".to_owned(),
        queue_id: 2,
        queue_offset: Some(101),
    }
}

#[test]
fn extra_info_is_read_as_it_was_written() {
    let text = "100 1700000000000 60000 3 2 broker-a 2 101";
    assert_eq!(extra_info().to_string(), text);
    assert_eq!(text.parse(), Ok(extra_info()));
    let checkpoint = ExtraInfo { queue_offset: None, ..extra_info() };
    assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
}

#[test]
fn parts_behind_extra_info_are_ignored() {
    assert_eq!("100 1700000000000 60000 3 2 broker-a 2 101 x y z".parse(), Ok(extra_info()));
}

#[test]
fn malformed_extra_info_is_refused_with_the_part() {
    for (text, error) in [
        ("", BadPopInfo::Parts { parts: 1, expected: "7 or 8" }),
        ("1 2 3 4 0 b", BadPopInfo::Parts { parts: 6, expected: "7 or 8" }),
        ("x 2 3 4 0 b 5", BadPopInfo::Malformed { part: "the offset of the checkpoint" }),
        ("1 2 3 4 3 b 5", BadPopInfo::Malformed { part: "the kind of topic" }),
        ("1 2 3 4 0 b 5 x", BadPopInfo::Malformed { part: "the offset" }),
        ("1 2 3 4 0 broker a 5", BadPopInfo::Malformed { part: "the queue" }),
    ] {
        assert_eq!(text.parse::<ExtraInfo>(), Err(error), "{text:?}");
    }
}

#[test]
fn a_revive_queue_of_999_means_order() {
    assert!(!extra_info().is_order());
    assert!(ExtraInfo { revive_queue_id: 999, ..extra_info() }.is_order());
}

#[test]
fn the_name_of_a_topic_says_whether_it_is_a_retry_topic() {
    for kind in [PopTopic::Normal, PopTopic::Retry, PopTopic::RetryV2] {
        assert_eq!(PopTopic::of(&kind.real_topic("T", "G")), kind);
    }
    assert_eq!(PopTopic::of("a+b"), PopTopic::Normal);
}

#[test]
fn offsets_and_counts_are_read_as_they_were_written() {
    for text in ["", "0 3 100", "0 3 100;1 3 7;2 -1 9"] {
        assert_eq!(text.parse::<StartOffsetInfo>().unwrap().to_string(), text);
    }
    for text in ["", "0 3 100", "0 3 100,101;1 3 7"] {
        assert_eq!(text.parse::<MsgOffsetInfo>().unwrap().to_string(), text);
    }
    for text in ["", "0 3 100", "0 3 1;0 qo3%100 2;2 qo4%7 3"] {
        assert_eq!(text.parse::<OrderCountInfo>().unwrap().to_string(), text);
    }
}

#[test]
fn malformed_offsets_and_counts_are_refused() {
    for (text, error) in [
        ("0 3", BadPopInfo::Parts { parts: 2, expected: "3" }),
        ("0 3 4 5 6 7 8", BadPopInfo::Parts { parts: 5, expected: "3" }),
        (";0 3 4", BadPopInfo::Parts { parts: 1, expected: "3" }),
        ("0 3 4;0 3 5", BadPopInfo::Repeated),
        ("7 3 4", BadPopInfo::Malformed { part: "the kind of topic" }),
        ("0 x 4", BadPopInfo::Malformed { part: "the queue" }),
    ] {
        assert_eq!(text.parse::<StartOffsetInfo>(), Err(error.clone()), "{text:?}");
        assert_eq!(text.parse::<MsgOffsetInfo>(), Err(error.clone()), "{text:?}");
        assert_eq!(text.parse::<OrderCountInfo>(), Err(error), "{text:?}");
    }
    assert_eq!("0 3 4,,5".parse::<MsgOffsetInfo>(), Err(BadPopInfo::Malformed { part: "the offset" }));
    assert_eq!(
        "0 qo3 4".parse::<OrderCountInfo>(),
        Err(BadPopInfo::Malformed { part: "the key of a message" })
    );
}

#[test]
fn counts_of_lite_topics_need_the_number_of_messages() {
    for (text, messages, counts) in [
        ("", 0, None),
        ("1;2", 1, None),
        ("1;;x;0 qo0%7 2;0 qo0%7;0 qo0%7 x", 6, Some(vec![1, 0, 0, 2, 0, 0])),
    ] {
        assert_eq!(lite_order_counts(text, messages), counts, "{text:?}");
    }
}
