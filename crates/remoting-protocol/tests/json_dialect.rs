//! The dialect of JSON: each text has the same meaning in a header and in a body, and its meaning in Java is
//! recorded.
//!
//! The table was recorded with the fastjson of each release: 1.2.69 of RocketMQ 4.9.8, 1.2.83 of 5.3.3, 2.0.43 of
//! 5.4.0, 2.0.59 of 5.5.0 and 2.0.63 of 5.5.1.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fmt::Write;

use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{FrameDecoder, body};
use serde::Deserialize;

/// A text; for each of the five releases whether it reads the text like this project (`y`), reads it differently
/// (`d`) or rejects it (`n`); and the result here. A text that is rejected here and accepted by Java is a `d`.
type Row = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("{'code':5,'remark':'r'}", "yyyyy", "code=5 r=<r>"),
    ("{code:5}", "yynnn", "code=5"),
    (r#"{"extFields":{a:"v"},"code":5}"#, "yynnn", "code=5 e={a=v}"),
    (r#"{"extFields":{0:"v"},"code":5}"#, "nnnnn", "code=5 e={0=v}"),
    (r#"{"x":{a:1},"code":5}"#, "yynnn", "code=5"),
    (r#"{"x":{0:1},"code":5}"#, "yynny", "code=5"),
    (r#"{"x":{{"a":"b"}:"v"},"code":5}"#, "yynnn", "code=5"),
    (r#"{"remark":{a:1},"code":5}"#, "yyyyy", "code=5 r=<{\"a\":1}>"),
    (r#"{"remark":{0:1},"code":5}"#, "yyddd", "code=5 r=<{\"0\":1}>"),
    (r#"{"remark":{{"a":"b"}:"v"},"code":5}"#, "yydyy", "code=5 r=<{{\"a\":\"b\"}:\"v\"}>"),
    (r#"{"code":5,}"#, "yyyyy", "code=5"),
    (r#"{"x":["a",],"code":5}"#, "yyynn", "code=5"),
    (r#"{"x":{"a":1,},"code":5}"#, "yyynn", "code=5"),
    (r#"{"remark":[1,],"code":5}"#, "yyyyy", "code=5 r=<[1]>"),
    (r#"{"extFields":{"a":"b",},"code":5}"#, "yyyyy", "code=5 e={a=b}"),
    (r#"{,"code":5}"#, "ddnnn", "rejected"),
    (r#"{"code":5,,"opaque":7}"#, "ddnnn", "rejected"),
    (r#"{"code":5;"opaque":7}"#, "ddnnn", "rejected"),
    (r#"{"code":5 "opaque":7}"#, "nnddd", "rejected"),
    (r#"{/*c*/"code":5}"#, "ddndd", "rejected"),
    (r#"{"code":/*c*/5}"#, "ddnnn", "rejected"),
    (r#"{"code":5/*c*/}"#, "ddnnn", "rejected"),
    (r#"{"code":5}/*c*/"#, "ddndd", "rejected"),
    ("\u{08}{\"code\":5}", "yyyyy", "code=5"),
    ("{\u{08}\"code\":5}", "yyyyy", "code=5"),
    ("{\"code\":\u{08}5\u{08},\"opaque\":7}", "yyyyy", "code=5 opaque=7"),
    ("{\u{0c}\"code\":5}", "yyyyy", "code=5"),
    ("{\"code\":\u{0c}5\u{0c},\"opaque\":7}", "yyyyy", "code=5 opaque=7"),
    ("{\"code\":5\u{0c}}", "yyyyy", "code=5"),
    ("{\u{0b}\"code\":5}", "nnnnn", "rejected"),
    ("{\u{00}\"code\":5}", "nnddd", "rejected"),
    ("{\u{a0}\"code\":5}", "nnnnn", "rejected"),
    ("{\"code\":5}\u{08}", "yyyyy", "code=5"),
    ("{\"code\":5}\u{0c}", "yyyyy", "code=5"),
    ("{\"code\":5}\u{00}", "yyyyy", "code=5"),
    ("{\"code\":5}\u{00}\u{00} ", "yyyyy", "code=5"),
    ("\u{feff}{\"code\":5}", "ddnnn", "rejected"),
    (r#"{"remark":"\x41","code":5}"#, "yyyyy", "code=5 r=<A>"),
    (r#"{"remark":"\v","code":5}"#, "yyyyy", "code=5 r=<\u{000b}>"),
    (r#"{"remark":"\0","code":5}"#, "yyyyy", "code=5 r=<\u{0000}>"),
    (r#"{"remark":"\1","code":5}"#, "yyyyy", "code=5 r=<\u{0001}>"),
    (r#"{"remark":"\7","code":5}"#, "yyyyy", "code=5 r=<\u{0007}>"),
    (r#"{"remark":"\8","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\12","code":5}"#, "yyyyy", "code=5 r=<\u{0001}2>"),
    (r#"{"remark":"\'","code":5}"#, "yyyyy", "code=5 r=<'>"),
    (r#"{"remark":"\/","code":5}"#, "yyyyy", "code=5 r=</>"),
    (r#"{"remark":"\q","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\a","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\F","code":5}"#, "yyyyy", "code=5 r=<\u{000c}>"),
    (r#"{"remark":"\u12","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\xg0","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\ud800","code":5}"#, "ddddd", "code=5 r=<\u{fffd}>"),
    (r#"{"remark":"\ud83d\ude00","code":5}"#, "yyyyy", "code=5 r=<\u{1f600}>"),
    (r#"{"extFields":{"\x41\v\1":"\x41\v\1"},"code":5}"#, "yyyyy", "code=5 e={A\u{000b}\u{0001}=A\u{000b}\u{0001}}"),
    (r#"{"x":"\1\x41\v\'","code":5}"#, "yynyy", "code=5"),
    ("{\"remark\":\"a\nb\u{01}c\",\"code\":5}", "yyyyy", "code=5 r=<a\u{000a}b\u{0001}c>"),
    (r#"{"remark":'a"b',"code":5}"#, "yyyyy", "code=5 r=<a\"b>"),
    (r#"{"co\x64e":5}"#, "yyyyy", "code=5"),
    (r#"{"code":.5,"opaque":7}"#, "nnyyy", "code=0 opaque=7"),
    (r#"{"extFields":{"a":.5},"code":5}"#, "nnnnn", "code=5 e={a=0.5}"),
    (r#"{"x":.5,"code":5}"#, "nnyyy", "code=5"),
    (r#"{"remark":.5,"code":5}"#, "nnnnn", "code=5 r=<0.5>"),
    (r#"{"x":[.5],"code":5}"#, "nnyyy", "code=5"),
    (r#"{"code":5.,"opaque":7}"#, "yyyyy", "code=5 opaque=7"),
    (r#"{"extFields":{"a":5.},"code":5}"#, "yyyyy", "code=5 e={a=5}"),
    (r#"{"x":5.,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"code":+5,"opaque":7}"#, "yyyyy", "code=5 opaque=7"),
    (r#"{"x":+5,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"x":007,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"remark":007,"code":5}"#, "ddyyy", "code=5 r=<7>"),
    (r#"{"remark":+5,"code":5}"#, "yyyyy", "code=5 r=<5>"),
    (r#"{"code":5L}"#, "yyyyy", "code=5"),
    (r#"{"code":5S}"#, "yyyyy", "code=5"),
    (r#"{"code":5B}"#, "yyyyy", "code=5"),
    (r#"{"code":5F}"#, "yyyyy", "code=5"),
    (r#"{"code":5D}"#, "yyyyy", "code=5"),
    (r#"{"code":5l}"#, "nnnnn", "rejected"),
    (r#"{"extFields":{"a":5L},"code":5}"#, "yyyyy", "code=5 e={a=5}"),
    (r#"{"remark":5L,"code":5}"#, "yyyyy", "code=5 r=<5>"),
    (r#"{"x":5L,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"x":5D,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"x":5.5F,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"code":1e0L}"#, "nnnyy", "code=1"),
    (r#"{"code":NaN,"opaque":7}"#, "ddnnn", "rejected"),
    (r#"{"extFields":{"a":NaN},"code":5}"#, "ddnnn", "code=5 e={a=NaN}"),
    (r#"{"x":NaN,"code":5}"#, "yynnn", "code=5"),
    (r#"{"remark":NaN,"code":5}"#, "ddnnn", "code=5 r=<NaN>"),
    (r#"{"x":Infinity,"code":5}"#, "nnnnn", "rejected"),
    (r#"{"x":undefined,"code":5}"#, "ddnnn", "rejected"),
    (r#"{"x":TRUE,"code":5}"#, "nnnnn", "rejected"),
    (r#"{"x":0x69,"code":5}"#, "nnnnn", "rejected"),
    (r#"{"code":1_0}"#, "nnnnn", "rejected"),
    (r#"{"x":-,"code":5}"#, "nnnnn", "rejected"),
    (r#"{"x":1e,"code":5}"#, "nnddd", "rejected"),
    (r#"{"x":1abc,"code":5}"#, "nnnnn", "rejected"),
    (r#"{"code":"5L"}"#, "nnnnn", "code=5"),
    (r#"{"code":"5.0"}"#, "yyyyy", "code=5"),
    (r#"{"code":".5","opaque":7}"#, "nnyyy", "code=0 opaque=7"),
    (r#"{"code":" 5 "}"#, "nnnnn", "rejected"),
    (r#"{"code":"+5"}"#, "yyyyy", "code=5"),
    (r#"{"code":"007"}"#, "yyyyy", "code=7"),
    (r#"{"x":null,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"remark":{"a":null,"b":1},"code":5}"#, "yydyy", "code=5 r=<{\"b\":1}>"),
    (r#"{"remark":[null,1],"code":5}"#, "yyyyy", "code=5 r=<[null,1]>"),
    (r#"{"extFields":{"a":null,"b":"c"},"code":5}"#, "yyyyy", "code=5 e={b=c}"),
    (r#"{"code":1,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"extFields":{"a":"1","a":"2"},"code":5}"#, "yyyyy", "code=5 e={a=2}"),
    (r#"{"extFields":{"a":"1","a":null},"code":5}"#, "yyyyy", "code=5 e={}"),
    (r#"{"remark":[1, 'a' ,null],"code":5}"#, "yyyyy", "code=5 r=<[1,\"a\",null]>"),
    (r#"{"remark":{'y':2, "x" :1},"code":5}"#, "ddyyy", "code=5 r=<{\"y\":2,\"x\":1}>"),
    (r#"{"code":5}}"#, "nnnnn", "rejected"),
    (r#"{"code":5}{}"#, "nnnnn", "rejected"),
    (r#"{"code":5},"#, "nnndd", "rejected"),
    (r#"{"x":{"a"},"code":5}"#, "nnnnn", "rejected"),
    (r#"{"x":[1 2],"code":5}"#, "ddnnn", "rejected"),
    (r#"{"x":[,],"code":5}"#, "ddnnn", "rejected"),
    (r#"{"x":[,1],"code":5}"#, "ddnnn", "rejected"),
    (r#"{"a-b":1,"code":5}"#, "yyyyy", "code=5"),
    (r#"{$a:1,"code":5}"#, "yynnn", "code=5"),
    (r#"{null:1,"code":5}"#, "yynnn", "code=5"),
    (r#"{1.5:1,"code":5}"#, "nnnnn", "code=5"),
    (r#"{"":1,"code":5}"#, "yyyyy", "code=5"),
    (r#"{true:1,"code":5}"#, "yynnn", "code=5"),
    (r#"{"remark":[1e3,007,1.50,5L,-0,1e-7,+5,5.,1E5,12345678901234567890,0.10],"code":5}"#, "ddyyy", "code=5 r=<[1000.0,7,1.50,5,0,1.0E-7,5,5,100000.0,12345678901234567890,0.10]>"),
    (r#"{"remark":1e3,"code":5}"#, "ddyyy", "code=5 r=<1000.0>"),
    (r#"{"remark":-0,"code":5}"#, "ddyyy", "code=5 r=<0>"),
    (r#"{"remark":1e999,"code":5}"#, "ddddd", "rejected"),
    (r#"{"x":"\q","code":5}"#, "nnnnn", "rejected"),
    (r#"{"x":"\u12","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":{"a":"\1"},"code":5}"#, "yyyyy", "code=5 r=<{\"a\":\"\\u0001\"}>"),
    (r#"{"x":5e3L,"code":5}"#, "yyynn", "code=5"),
    (r#"{"x":1e3D,"code":5}"#, "yyyyy", "code=5"),
    (r#"{"remark":{"a":1,"a":2},"code":5}"#, "ddddd", "code=5 r=<{\"a\":1,\"a\":2}>"),
    (r#"{"remark":"\X41","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\U0041","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\@","code":5}"#, "nnddd", "rejected"),
    (r#"{"remark":"\.\-","code":5}"#, "nnnnn", "rejected"),
    (r#"{"remark":"\_","code":5}"#, "nnddd", "rejected"),
    (r#"{"remark":"\e","code":5}"#, "nnnnn", "rejected"),
];

const REJECTED: &str = "rejected";

/// The fields of a header, and of a body.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    code: i32,
    opaque: i32,
    remark: Option<String>,
    ext_fields: Option<BTreeMap<String, Option<String>>>,
}

impl Fields {
    fn of_header(text: &str) -> Option<Self> {
        let mut frame = BytesMut::new();
        frame.extend_from_slice(&(text.len() as u32 + 4).to_be_bytes());
        frame.extend_from_slice(&(text.len() as u32).to_be_bytes());
        frame.extend_from_slice(text.as_bytes());
        let command = FrameDecoder::default().decode(&mut frame).ok()?.expect("a whole frame");
        let ext_fields = command.ext_fields().map(|fields| {
            fields.iter().map(|(key, value)| (key.to_owned(), Some(value.to_owned()))).collect()
        });
        Some(Self {
            code: command.code(),
            opaque: command.opaque(),
            remark: command.remark().map(str::to_owned),
            ext_fields,
        })
    }

    fn of_body(text: &str) -> Option<Self> {
        body::from_json(text.as_bytes()).ok()
    }

    fn shown(self) -> String {
        let mut shown = format!("code={}", self.code);
        if self.opaque != 0 {
            write!(shown, " opaque={}", self.opaque).unwrap();
        }
        if let Some(remark) = self.remark {
            write!(shown, " r=<{remark}>").unwrap();
        }
        if let Some(fields) = self.ext_fields {
            // A null field is an absent field.
            let fields: Vec<_> =
                fields.into_iter().filter_map(|(key, value)| Some(key + "=" + &value?)).collect();
            write!(shown, " e={{{}}}", fields.join(", ")).unwrap();
        }
        shown
    }
}

fn shown(fields: Option<Fields>) -> String {
    fields.map_or_else(|| REJECTED.to_owned(), Fields::shown)
}

#[test]
fn a_text_has_the_same_meaning_in_a_header_and_in_a_body() {
    let mut wrong = Vec::new();
    for (text, _, expected) in TABLE {
        for (place, read) in [("header", Fields::of_header(text)), ("body", Fields::of_body(text))] {
            let read = shown(read);
            if read != *expected {
                wrong.push(format!("{place} {text:?}: {read}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_that_every_release_accepts_is_accepted() {
    for (text, java, expected) in TABLE {
        assert!(java.len() == 5 && java.bytes().all(|verdict| b"ydn".contains(&verdict)), "{text:?}: {java}");
        // Beyond the range of a double the releases disagree.
        if *expected == REJECTED && !text.contains("1e999") {
            assert!(java.contains('n') && !java.contains('y'), "{text:?}: {java}");
        }
    }
}
