use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, UNIX_EPOCH};

use super::*;

/// Milliseconds since 1970.
fn at(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis)
}

#[test]
fn an_id_is_read_as_it_was_written() {
    for (ip, length) in [(IpAddr::from(Ipv4Addr::new(192, 168, 0, 47)), 32), (Ipv6Addr::LOCALHOST.into(), 56)]
    {
        let id = UniqueId { ip, pid: 0xfffe, instance: 0x8123_4567, elapsed: u32::MAX, counter: 7 };
        let text = id.to_string();
        assert_eq!(text.len(), length);
        assert!(text.ends_with("FFFE81234567FFFFFFFF0007"));
        assert_eq!(text.parse(), Ok(id));
    }
}

#[test]
fn a_text_of_another_client_is_no_such_id() {
    assert_eq!("".parse::<UniqueId>(), Err(BadMessageId::Length(0)));
    assert_eq!("0102".parse::<UniqueId>(), Err(BadMessageId::Length(4)));
    assert_eq!("C0A8002F1A2B18B4AAC20A5B6C7D000G".parse::<UniqueId>(), Err(BadMessageId::NotHexadecimal));
}

#[test]
fn ids_of_a_generator_differ_by_their_counter() {
    let ids = UniqueIdGenerator::new(Ipv4Addr::LOCALHOST.into(), 0x0007_1234, 9);
    let [first, second] = [ids.generate(at(5)), ids.generate(at(5))];
    assert_eq!((first.pid, first.instance, first.elapsed, first.counter), (0x1234, 9, 5, 0));
    assert_eq!(second, UniqueId { counter: 1, ..first });
}

#[test]
fn the_time_counts_from_the_start_of_the_month() {
    let ids = UniqueIdGenerator::new(Ipv4Addr::LOCALHOST.into(), 1, 1);
    for (now, month) in [
        (0, 0),                                 // 1970-01-01
        (951_782_400_123, 949_363_200_000),     // 2000-02-29, since 2000-02-01
        (951_868_800_000, 951_868_800_000),     // 2000-03-01
        (1_709_164_800_000, 1_706_745_600_000), // 2024-02-29, since 2024-02-01
        (1_735_689_599_999, 1_733_011_200_000), // the last of 2024, since 2024-12-01
        (4_107_542_399_999, 4_105_123_200_000), // 2100-02-28, since 2100-02-01
        (4_107_542_400_000, 4_107_542_400_000), // 2100-03-01
    ] {
        let id = ids.generate(at(now));
        assert_eq!(u64::from(id.elapsed), now - month, "{now}");
        assert_eq!(id.nearly_time(at(now + 1), 0), at(now), "{now}");
    }
}

#[test]
fn a_time_that_is_not_over_was_in_the_month_before() {
    let id = UniqueId {
        ip: Ipv4Addr::LOCALHOST.into(),
        pid: 1,
        instance: 1,
        elapsed: 27 * 86_400_000,
        counter: 0,
    };
    // 2024-03-28 and 2024-02-28, seen from just after and from just before 2024-03-28.
    assert_eq!(id.nearly_time(at(1_711_584_000_001), 0), at(1_711_584_000_000));
    assert_eq!(id.nearly_time(at(1_711_584_000_000), 0), at(1_709_078_400_000));
}

#[test]
fn a_month_starts_in_the_time_zone_of_the_client() {
    let ids = UniqueIdGenerator::new(Ipv4Addr::LOCALHOST.into(), 1, 1).with_utc_offset(8 * 3600);
    let now = 1_709_222_400_000 + 5; // 2024-02-29 16:00, in UTC+8 2024-03-01 00:00
    let id = ids.generate(at(now));
    assert_eq!(id.elapsed, 5);
    assert_eq!(id.nearly_time(at(now + 1), 8 * 3600), at(now));
}
