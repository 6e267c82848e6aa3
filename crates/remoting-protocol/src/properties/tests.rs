use super::*;

fn read(text: &[u8], charset: Charset) -> Result<Vec<(String, String)>, PropertiesError> {
    entries(text)
        .map(|entry| {
            let (mut key, mut value) = (String::new(), String::with_capacity(entry.value().max_len()));
            let room = value.capacity();
            entry.key().read(charset, &mut key)?;
            entry.value().read(charset, &mut value)?;
            assert_eq!(value.capacity(), room, "max_len() is enough");
            Ok((key, value))
        })
        .collect()
}

fn one(text: &[u8]) -> (String, String) {
    let mut read = read(text, Charset::Latin1).unwrap();
    assert_eq!(read.len(), 1, "{read:?}");
    read.remove(0)
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn separators_and_blanks_around_them() {
    for line in ["a=b c", "a = b c", "a:b c", "a : b c", "a b c", " \ta\t=\tb c", "a b c\r\n", "\x0Ca b c\r"]
    {
        assert_eq!(one(line.as_bytes()), pair("a", "b c"), "{line:?}");
    }
    assert_eq!(one(b"a==b"), pair("a", "=b"));
    assert_eq!(one(b"a"), pair("a", ""));
    assert_eq!(one(b"=b"), pair("", "b"));
    assert_eq!(one(b"a=b  "), pair("a", "b  "), "blanks at the end belong to the value");
    assert_eq!(one(br"a\ b\=c\:d=e"), pair("a b=c:d", "e"));
}

#[test]
fn comments_and_blank_lines_are_skipped_and_lines_are_continued() {
    let text = b"# one\n ! two \\\n\na=b\\\n   c\\\r\n d\ne=\\\\\nf=g#h\ni=j\\";
    let expected = [pair("a", "bcd"), pair("e", "\\"), pair("f", "g#h"), pair("i", "j")];
    assert_eq!(read(text, Charset::Latin1).unwrap(), expected);
    assert_eq!(one(b"a\\\n b\\\n = c"), pair("ab", "c"), "a key and the separator are continued too");
}

#[test]
fn a_line_of_continuations_alone_is_no_entry() {
    for text in [&b"\\\n \n"[..], b"\\\n\\\r\n\t", b"", b"\\\n#a"] {
        assert_eq!(read(text, Charset::Latin1).unwrap(), [], "{text:?}");
    }
    assert_eq!(read(b"\\\n  a=b\n", Charset::Latin1).unwrap(), [pair("a", "b")]);
    for text in [&b"\\\n \\"[..], b"\\\n", b"\\\r"] {
        assert_eq!(one(text), pair("", ""), "as in Java, a backslash at the end is an entry");
    }
}

#[test]
fn escapes_and_the_character_sets() {
    assert_eq!(one(br"a=\t\n\r\f\q\\"), pair("a", "\t\n\r\x0Cq\\"));
    assert_eq!(one(br"a=\u00e4\ud83d\ude00"), pair("a", "\u{e4}\u{1f600}"));
    assert_eq!(one(b"a=\xe4"), pair("a", "\u{e4}"));
    let utf8 = "\u{e4}=\u{1f600}\\\u{20ac}";
    assert_eq!(read(utf8.as_bytes(), Charset::Utf8).unwrap(), [pair("\u{e4}", "\u{1f600}\u{20ac}")]);
}

#[test]
fn an_error_has_the_number_of_its_line() {
    for bad in [&br"a=\u12"[..], br"a=\u12g4", br"a=\u+123", br"a=\ud83d", br"a=\ude00", br"a=\ud83dx"] {
        let text = [b"b=c\\\n d\r\n# comment\r\n", bad].concat();
        let error = read(&text, Charset::Latin1).unwrap_err();
        assert_eq!(error.line(), 4, "{error}");
    }
    for bad in
        [&b"a=\xff"[..], b"a=\xc3", b"a=\xe2\x82", b"a=\xe2\\\x82\xac", b"a=\x80", b"a=\xf8\x80\x80\x80\x80"]
    {
        let error = read(bad, Charset::Utf8).unwrap_err();
        assert_eq!(error.to_string(), "line 1: invalid UTF-8", "{bad:?}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    let entries = [
        ("listenPort", "9876", "listenPort=9876\n"),
        ("namesrvAddr", "a:1;b=2", "namesrvAddr=a:1;b=2\n"),
        ("path", r"C:\new", "path=C:\\\\new\n"),
        ("blank", "  x ", "blank=\\  x \n"),
        ("#a b=c:d!", "#!", "\\#a\\ b\\=c\\:d\\!=#!\n"),
        ("lines", "a\r\n\tb\x0C", "lines=a\\r\\n\\tb\\f\n"),
        ("\u{e4}", "\u{1f600}\u{7f}", "\\u00E4=\\uD83D\\uDE00\\u007F\n"),
        ("", "", "=\n"),
    ];
    for (key, value, line) in entries {
        let mut written = String::new();
        push_entry(&mut written, key, value);
        assert_eq!(written, line);
        for charset in [Charset::Latin1, Charset::Utf8] {
            assert_eq!(read(written.as_bytes(), charset).unwrap(), [pair(key, value)]);
        }
    }
}
