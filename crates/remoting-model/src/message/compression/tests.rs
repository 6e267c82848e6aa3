use super::*;

const ALL: [CompressionType; 3] = [CompressionType::Lz4, CompressionType::Zstd, CompressionType::Zlib];

fn is_enabled(compression: CompressionType) -> bool {
    match compression {
        CompressionType::Lz4 => cfg!(feature = "lz4"),
        CompressionType::Zstd => cfg!(feature = "zstd"),
        CompressionType::Zlib => cfg!(feature = "zlib"),
    }
}

fn enabled() -> impl Iterator<Item = CompressionType> {
    ALL.into_iter().filter(|compression| is_enabled(*compression))
}

/// Bytes that repeat in part.
fn body(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut body = Vec::with_capacity(length + 20);
    while body.len() < length {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        body.extend(format!("one pizza {:x} ", state >> 24).bytes());
    }
    body.truncate(length);
    body
}

#[test]
fn the_type_is_three_bits_of_the_flag() {
    for (bits, compression) in [
        (0x001, Ok(CompressionType::Zlib)),
        (0x101, Ok(CompressionType::Lz4)),
        (0x201, Ok(CompressionType::Zstd)),
        (0x301, Ok(CompressionType::Zlib)),
        (0x401, Err(CompressionError::UnknownType(4))),
        (0x701, Err(CompressionError::UnknownType(7))),
    ] {
        assert_eq!(CompressionType::of(MessageSysFlag(bits)), compression);
        assert_eq!(CompressionType::of(MessageSysFlag(bits | !0x700)), compression);
    }
    for compression in ALL {
        assert_eq!(CompressionType::of(compression.sys_flag()), Ok(compression));
    }
}

#[test]
fn a_body_is_decompressed_as_it_was() {
    for compression in enabled() {
        for length in [0, 1, 12, 1000, 200_000] {
            let body = body(length);
            let compressed = compression.compress(&body).unwrap();
            assert!(length < 1000 || compressed.len() < length, "{compression:?} {length}");
            assert!(compression.decompress(&compressed, length) == Ok(body), "{compression:?} {length}");
        }
    }
}

#[cfg(feature = "lz4")]
#[test]
fn a_frame_of_lz4_has_several_blocks() {
    let body = body(9 << 20);
    let compressed = CompressionType::Lz4.compress(&body).unwrap();
    assert!(CompressionType::Lz4.decompress(&compressed, body.len()) == Ok(body));
}

#[test]
fn a_body_above_the_limit_is_refused() {
    for compression in enabled() {
        for length in [1, 1000, 200_000] {
            let compressed = compression.compress(&body(length)).unwrap();
            for limit in [0, length / 2, length - 1] {
                let refused = compression.decompress(&compressed, limit);
                assert!(
                    refused == Err(CompressionError::TooLong { limit }),
                    "{compression:?} {length} {limit}"
                );
            }
        }
    }
}

#[test]
fn memory_is_bounded_by_the_limit_and_not_by_what_the_body_states() {
    let limit = 256 << 10;
    for compression in enabled() {
        let bomb = compression.compress(&vec![0; 4 << 20]).unwrap();
        let mut refused = None;
        let memory = allocation_counter::measure(|| refused = Some(compression.decompress(&bomb, limit)));
        assert_eq!(refused, Some(Err(CompressionError::TooLong { limit })));
        let bound =
            3 * limit as u64 + (64 << 10) + if compression == CompressionType::Zstd { 16 << 20 } else { 0 };
        assert!(memory.bytes_max <= bound, "{compression:?}: {memory:?}");
    }
}

#[test]
fn a_short_body_takes_little_memory() {
    for compression in enabled() {
        let compressed = compression.compress(b"one pizza").unwrap();
        let memory = allocation_counter::measure(|| {
            compression.decompress(&compressed, 64 << 20).unwrap();
        });
        assert!(memory.bytes_max <= 300 << 10, "{compression:?}: {memory:?}");
    }
}

#[test]
fn a_body_that_is_cut_off_is_refused() {
    for compression in enabled() {
        let compressed = compression.compress(&body(1000)).unwrap();
        for length in 0..compressed.len() {
            let cut = compression.decompress(&compressed[..length], 2000);
            assert!(
                matches!(cut, Err(CompressionError::Malformed { .. })),
                "{compression:?} {length}: {cut:?}"
            );
        }
    }
}

#[test]
fn a_body_that_was_changed_is_refused_if_it_has_a_checksum() {
    // A frame of LZ4 as Java writes it has none.
    for compression in enabled().filter(|compression| *compression != CompressionType::Lz4) {
        let mut compressed = compression.compress(&body(1000)).unwrap();
        let last = compressed.len() - 1;
        compressed[last] ^= 1;
        let changed = compression.decompress(&compressed, 2000);
        assert!(matches!(changed, Err(CompressionError::Malformed { .. })), "{compression:?}: {changed:?}");
    }
}

#[test]
fn without_its_feature_a_compression_is_an_error_that_names_it() {
    for compression in ALL.into_iter().filter(|compression| !is_enabled(*compression)) {
        let error = compression.decompress(&[], 0).unwrap_err();
        assert_eq!(Err(error.clone()), compression.compress(&[]));
        assert_eq!(error, CompressionError::Disabled(compression));
        let name = format!("{compression:?}").to_lowercase();
        assert_eq!(error.to_string(), format!("the feature `{name}` of `remoting-model` is not enabled"));
    }
}
