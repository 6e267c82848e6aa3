use std::path::PathBuf;

use proptest::{collection::vec, prelude::*};

use super::*;

const LIMIT: usize = 4096;

fn whole(bytes: &[u8]) -> (ProxyHeader, usize) {
    match decode(bytes, LIMIT) {
        Ok(Seen::Header { header, length }) => (header, length),
        other => panic!("{:?} is no header: {other:?}", bytes.escape_ascii().to_string()),
    }
}

fn refused(bytes: &[u8]) -> ProxyHeaderError {
    decode(bytes, LIMIT).expect_err("a malformed header")
}

fn v2(version_and_command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = SIGNATURE_V2.to_vec();
    bytes.extend_from_slice(&[version_and_command, family]);
    bytes.extend_from_slice(&u16::try_from(rest.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(rest);
    bytes
}

const V4_BLOCK: &[u8] = &[192, 0, 2, 1, 198, 51, 100, 7, 0xc8, 0x22, 0x26, 0x94];

fn v4() -> ProxyHeader {
    ProxyHeader::proxied("192.0.2.1:51234".parse().unwrap(), "198.51.100.7:9876".parse().unwrap())
}

#[test]
fn a_version_1_line_tells_both_ends() {
    let line = b"PROXY TCP4 192.0.2.1 198.51.100.7 51234 9876\r\n\0\0";
    assert_eq!(whole(line), (v4(), line.len() - 2));
    let (header, _) = whole(b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\n");
    assert_eq!(
        header,
        ProxyHeader::proxied("[2001:db8::1]:1".parse().unwrap(), "[::1]:65535".parse().unwrap())
    );
}

#[test]
fn an_unknown_version_1_line_may_say_anything_after() {
    for line in [&b"PROXY UNKNOWN\r\n"[..], b"PROXY UNKNOWN ffff::f ::1 x 99999999\r\n"] {
        let (header, length) = whole(line);
        assert_eq!(
            (header.addresses(), header.source(), length),
            (&ProxyAddresses::Unknown, None, line.len())
        );
    }
}

#[test]
fn a_malformed_version_1_line_is_refused() {
    for line in [
        "PROXY \r\n",
        "PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY UNKNOWNFOO\r\n",
        "PROXY tcp4 1.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n",
        "PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n",
        "PROXY TCP4 ::1 ::2 1 2\r\n",
        "PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY TCP4 256.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n",
        "PROXY TCP4 1.1.1.1\r2.2.2.2 1 2\r\n",
        "PROXY UNKNOWN\0\r\n",
    ] {
        let error = refused(line.as_bytes());
        assert!(matches!(error, ProxyHeaderError::Line(_)), "{line:?}: {error}");
    }
}

#[test]
fn a_version_1_line_ends_within_107_bytes() {
    let line = |length: usize| format!("PROXY UNKNOWN{}\r\n", " ".repeat(length - 15)).into_bytes();
    assert_eq!(whole(&line(107)).1, 107);
    assert!(matches!(refused(&line(108)), ProxyHeaderError::Line(_)));
    let endless = [b"PROXY ".to_vec(), vec![b'A'; 101]].concat();
    assert_eq!(decode(&endless[..106], LIMIT), Ok(Seen::Incomplete { wanted: 107, certain: true }));
    assert!(matches!(refused(&endless), ProxyHeaderError::Line(_)));
}

#[test]
fn a_version_2_header_tells_both_ends_and_its_tlvs() {
    let mut rest = V4_BLOCK.to_vec();
    rest.extend_from_slice(b"\xea\x00\x03vpc\x04\x00\x00\x05\x00\x01\xff");
    let bytes = v2(0x21, 0x11, &rest);
    let (header, length) = whole(&[&bytes[..], b"frame"].concat());
    assert_eq!(length, bytes.len());
    assert_eq!(header.source(), v4().source());
    let tlvs: Vec<_> = header.tlvs().iter().map(|tlv| (tlv.kind(), tlv.as_ascii())).collect();
    assert_eq!(tlvs, [(0xea, Some("vpc")), (ProxyTlv::NOOP, Some("")), (ProxyTlv::UNIQUE_ID, None)]);
    assert_eq!(header.tlv(ProxyTlv::UNIQUE_ID).unwrap()[..], b"\xff"[..]);
}

#[test]
fn local_and_unspecified_headers_are_skipped_whole() {
    for (bytes, addresses) in [
        (v2(0x20, 0x00, &[]), ProxyAddresses::Local),
        (v2(0x20, 0x11, &[]), ProxyAddresses::Local),
        (v2(0x20, 0xff, b"whatever"), ProxyAddresses::Local),
        (v2(0x21, 0x00, &[]), ProxyAddresses::Unknown),
        (v2(0x21, 0x00, b"whatever"), ProxyAddresses::Unknown),
    ] {
        let (header, length) = whole(&bytes);
        assert_eq!((header.addresses(), header.tlvs(), length), (&addresses, &[][..], bytes.len()));
    }
}

#[test]
fn a_malformed_version_2_header_is_refused() {
    use ProxyHeaderError::*;
    let tlv = |bytes: &[u8]| v2(0x21, 0x11, &[V4_BLOCK, bytes].concat());
    for (bytes, error) in [
        (v2(0x11, 0x11, V4_BLOCK), Version(1)),
        (v2(0x31, 0x11, V4_BLOCK), Version(3)),
        (v2(0x22, 0x11, V4_BLOCK), Command(2)),
        (v2(0x21, 0x41, V4_BLOCK), Family(0x41)),
        (v2(0x21, 0x13, V4_BLOCK), Family(0x13)),
        (v2(0x21, 0x11, &V4_BLOCK[..11]), ShortAddresses { length: 11, needed: 12 }),
        (v2(0x21, 0x21, V4_BLOCK), ShortAddresses { length: 12, needed: 36 }),
        (v2(0x21, 0x31, V4_BLOCK), ShortAddresses { length: 12, needed: 216 }),
        (v2(0x21, 0x11, &[0; 4081]), TooLong { length: 4097, limit: 4096 }),
        (tlv(b"\xea"), Tlv { offset: 28 }),
        (tlv(b"\xea\x00\x01"), Tlv { offset: 28 }),
        (tlv(b"\xea\x00\x00\xeb\xff\xff."), Tlv { offset: 31 }),
        (tlv(b"\x03\x00\x02ab"), Tlv { offset: 28 }),
    ] {
        assert_eq!(refused(&bytes), error);
    }
}

#[test]
fn an_oversized_header_is_refused_by_its_length_alone() {
    let bytes = v2(0x21, 0x11, &[0; 65_535]);
    assert_eq!(refused(&bytes[..FIXED]), ProxyHeaderError::TooLong { length: 65_551, limit: 4096 });
}

#[test]
fn a_wrong_checksum_is_refused() {
    // The header of `v4()` with a checksum that a bitwise implementation computed independently.
    let mut bytes = v2(0x21, 0x11, &[V4_BLOCK, b"\x03\x00\x04\0\0\0\0"].concat());
    let sum = crc32c_by_bits(&bytes);
    bytes[31..].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(whole(&bytes).0.source(), v4().source());
    for at in FIXED..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert!(decode(&damaged, LIMIT) != decode(&bytes, LIMIT), "byte {at}");
    }
    bytes[33] ^= 1;
    assert!(matches!(refused(&bytes), ProxyHeaderError::Checksum { .. }));
}

fn crc32c_by_bits(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0x82f6_3b78 & (sum & 1).wrapping_neg()))
    })
}

#[test]
fn the_first_byte_that_differs_decides() {
    for other in
        [&b"\0\0\0\x75"[..], b"PR\0", b"PRI * HTTP/2.0", b"\x16\x03\x01", b"\r\n\r\n\0\r\nQUIX", b"PROXY\0"]
    {
        assert_eq!(decode(other, LIMIT), Ok(Seen::Other), "{:?}", other.escape_ascii().to_string());
    }
    for (part, wanted) in [(&b""[..], 1), (b"P", 2), (b"PROXY", 6), (b"\r\n\r\n\0\r\nQUI", 11)] {
        assert_eq!(decode(part, LIMIT), Ok(Seen::Incomplete { wanted, certain: false }));
    }
}

#[test]
fn a_header_that_cannot_be_described_is_not_written() {
    assert!(matches!(
        v4().with_tlv(0xe0, vec![0; 65_536]).encode(false),
        Err(ProxyHeaderError::TooLong { .. })
    ));
    let two = v4().with_tlv(0xe0, vec![0; 40_000]).with_tlv(0xe1, vec![0; 40_000]);
    assert!(matches!(two.encode(false), Err(ProxyHeaderError::TooLong { .. })));
    let path = ProxyAddresses::Unix { source: PathBuf::from("/x".repeat(60)), destination: PathBuf::new() };
    assert!(ProxyHeader::new(path, Vec::new()).encode(false).is_err());
}

#[test]
fn mixed_families_are_written_as_ipv6() {
    let header = ProxyHeader::proxied("10.0.0.1:1".parse().unwrap(), "[::2]:2".parse().unwrap());
    let [source, destination] = ["[::ffff:10.0.0.1]:1", "[::2]:2"].map(|end| end.parse().unwrap());
    assert_eq!(*header.addresses(), ProxyAddresses::Inet { source, destination });
    assert_eq!(header.source().unwrap().to_string(), "10.0.0.1:1");
    assert_eq!(whole(&header.encode(false).unwrap()).0, header);
}

#[test]
fn ipv4_addresses_in_their_ipv6_form_are_ipv4_in_both_directions() {
    let mapped: [std::net::SocketAddrV6; 2] =
        ["[::ffff:10.0.0.1]:1", "[::ffff:10.0.0.2]:2"].map(|end| end.parse().unwrap());
    let [source, destination] = ["10.0.0.1:1", "10.0.0.2:2"].map(|end| end.parse().unwrap());
    let forwarded = ProxyHeader::proxied(mapped[0].into(), mapped[1].into());
    assert_eq!(*forwarded.addresses(), ProxyAddresses::Inet { source, destination });
    let bytes = forwarded.encode(false).unwrap();
    assert_eq!(bytes[13], 0x11, "TCP4");

    let mut tcp6 = bytes[..12].to_vec();
    tcp6.extend([0x21, 0x21, 0, 36]);
    for end in mapped {
        tcp6.extend(end.ip().octets());
    }
    tcp6.extend([0, 1, 0, 2]);
    let line = b"PROXY TCP6 ::ffff:10.0.0.1 ::ffff:10.0.0.2 1 2\r\n";
    for received in [&tcp6[..], line] {
        assert_eq!(whole(received).0, forwarded);
    }
}

#[test]
fn tlvs_inside_of_an_ssl_one_follow_it_as_in_netty() {
    let ssl = |inner: &[u8]| [&[1, 0, 0, 0, 0][..], inner].concat();
    let header = v4().with_tlv(ProxyTlv::SSL, ssl(b"\x21\0\x07TLSv1.3\x22\0\x02cn")).with_tlv(0xea, "vpce");
    let (received, _) = whole(&header.encode(false).unwrap());
    let kinds: Vec<_> = received.flattened_tlvs().map(|tlv| tlv.kind()).collect();
    assert_eq!(kinds, [ProxyTlv::SSL, ProxyTlv::SSL_VERSION, ProxyTlv::SSL_CN, 0xea]);
    assert_eq!(received.tlvs().len(), 2, "forwarded as it came");
    for malformed in [&b""[..], b"\x21", b"\x21\0\x08TLSv1.3"] {
        let header = v4().with_tlv(ProxyTlv::SSL, ssl(malformed));
        assert_eq!(header.flattened_tlvs().count(), 1, "{malformed:?}");
    }
    assert_eq!(v4().with_tlv(ProxyTlv::SSL, vec![1]).flattened_tlvs().count(), 1);
}

fn any_header() -> impl Strategy<Value = ProxyHeader> {
    let v4 = || (any::<[u8; 4]>(), any::<u16>()).prop_map(|(ip, port)| (ip, port).into());
    let v6 = || (any::<[u8; 16]>(), any::<u16>()).prop_map(|(ip, port)| (ip, port).into());
    let path = || "[a-z/]{0,108}".prop_map(PathBuf::from);
    let addresses = prop_oneof![
        (v4(), v4()).prop_map(|(source, destination)| ProxyAddresses::Inet { source, destination }),
        (v6(), v6()).prop_map(|(source, destination)| ProxyAddresses::Inet { source, destination }),
        (path(), path()).prop_map(|(source, destination)| ProxyAddresses::Unix { source, destination }),
    ];
    let tlv =
        (4..=u8::MAX, vec(any::<u8>(), 0..40)).prop_map(|(kind, value)| ProxyTlv::new(kind, value.into()));
    (addresses, vec(tlv, 0..6)).prop_map(|(addresses, tlvs)| ProxyHeader::new(addresses, tlvs))
}

proptest! {
    #[test]
    fn what_is_written_reads_back(header in any_header(), sum: bool, rest in vec(any::<u8>(), 0..20)) {
        let bytes = header.encode(sum).unwrap();
        let (mut read, length) = whole(&[&bytes[..], &rest].concat());
        prop_assert_eq!(length, bytes.len());
        if sum {
            let last = read.tlvs().last().unwrap().clone();
            prop_assert_eq!(last.kind(), ProxyTlv::CRC32C);
            read = ProxyHeader::new(read.addresses().clone(), read.tlvs()[..read.tlvs().len() - 1].to_vec());
        }
        prop_assert_eq!(read, header);
    }

    #[test]
    fn a_part_of_a_header_asks_for_no_more_than_the_rest(header in any_header(), sum: bool, cut: prop::sample::Index) {
        let bytes = header.encode(sum).unwrap();
        let part = &bytes[..cut.index(bytes.len())];
        match decode(part, LIMIT) {
            Ok(Seen::Incomplete { wanted, .. }) => prop_assert!(part.len() < wanted && wanted <= bytes.len()),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn arbitrary_bytes_are_judged(start in 0..3_usize, bytes in vec(any::<u8>(), 0..200)) {
        let start: &[u8] = [&b""[..], b"PROXY ", SIGNATURE_V2][start];
        let bytes = [start, &bytes].concat();
        if let Ok(Seen::Incomplete { wanted, .. }) = decode(&bytes, LIMIT) {
            prop_assert!(bytes.len() < wanted && wanted <= LIMIT);
        }
    }
}
