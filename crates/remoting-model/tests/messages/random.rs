//! Random messages, the same for the same seed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use remoting_model::message::{
    CompressionType, Message, MessageBatch, MessageExt, MessageProperties, MessageSysFlag, body_crc,
};

/// A generator of numbers (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Returns true once in `times`.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns a number, often a small one or one at the end of its range.
    fn integer(&mut self) -> u64 {
        match self.below(4) {
            0 => self.next() % 10,
            1 => [u64::MAX, i64::MAX as u64, i64::MIN as u64, i32::MAX as u64][self.below(4)],
            _ => self.next(),
        }
    }

    fn i32(&mut self) -> i32 {
        self.integer() as i32
    }

    fn i64(&mut self) -> i64 {
        self.integer() as i64
    }

    /// Returns a text of `least` to `most` characters of one to four bytes, without separators of properties.
    fn text(&mut self, least: usize, most: usize) -> String {
        const CHARS: &[char] = &['a', 'Z', '0', ' ', '\n', '%', '_', 'é', '中', '\u{ffff}', '😀'];
        let length = least + self.below(most - least + 1);
        (0..length).map(|_| CHARS[self.below(CHARS.len())]).collect()
    }

    pub(crate) fn properties(&mut self) -> MessageProperties {
        let mut properties = MessageProperties::new();
        for _ in 0..self.below(8) {
            properties.insert(&self.text(1, 8), &self.text(1, 30));
        }
        if self.one_in(2) {
            properties.set_tags(&self.text(1, 5));
            properties.set_uniq_key(format_args!("{:032X}", self.next()));
        }
        if self.one_in(10) {
            properties.insert("odd", "a\u{1}b");
        }
        properties
    }

    pub(crate) fn body(&mut self) -> Vec<u8> {
        let length = match self.below(10) {
            0 => 0,
            1 => self.below(20_000),
            _ => self.below(300),
        };
        let noise = self.one_in(3);
        (0..length).map(|at| if noise { self.next() as u8 } else { b"one pizza, "[at % 11] }).collect()
    }

    fn host(&mut self) -> SocketAddr {
        let ip = if self.one_in(3) {
            // Not an IPv4 address in IPv6 form, which Java takes for an IPv4 address.
            let bits = u128::from(self.next() | 1 << 63) << 64 | u128::from(self.next());
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        } else {
            IpAddr::V4(Ipv4Addr::from_bits(self.next() as u32))
        };
        SocketAddr::new(ip, self.next() as u16)
    }

    /// Returns a topic, with `long` sometimes one that needs the second version.
    fn topic(&mut self, long: bool) -> String {
        if long && self.one_in(10) {
            return "t".repeat(128 + self.below(500));
        }
        self.text(0, 31)
    }

    pub(crate) fn message(&mut self) -> Message {
        Message { flag: self.i32(), properties: self.properties(), ..Message::new("", self.body()) }
    }

    /// Returns a stored message. `v5` is whether readers have version 5.0 or later.
    pub(crate) fn message_ext(&mut self, v5: bool) -> MessageExt {
        let mut message = MessageExt {
            topic: self.topic(v5).into(),
            flag: self.i32(),
            properties: self.properties(),
            body: self.body().into(),
            queue_id: self.i32(),
            queue_offset: self.i64(),
            sys_flag: MessageSysFlag(self.i32() & 0xe),
            born_timestamp: self.i64(),
            born_host: self.host(),
            store_timestamp: self.i64(),
            store_host: self.host(),
            commit_log_offset: self.i64(),
            reconsume_times: self.i32(),
            prepared_transaction_offset: self.i64(),
            ..MessageExt::default()
        };
        if v5 && self.one_in(20) {
            let messages: Vec<_> = (0..self.below(5)).map(|_| self.message()).collect();
            message.body = MessageBatch::encode(&messages).unwrap_or_default().into_bytes();
            message.sys_flag.0 |= MessageSysFlag::INNER_BATCH.0 | MessageSysFlag::NEED_UNWRAP.0;
        }
        message.body_crc = body_crc(&message.body);
        let compression = [CompressionType::Zlib, CompressionType::Lz4, CompressionType::Zstd];
        if self.one_in(4) {
            // Left as it is without the feature.
            let _ = message.compress_body(compression[self.below(3)]);
        }
        message
    }
}
