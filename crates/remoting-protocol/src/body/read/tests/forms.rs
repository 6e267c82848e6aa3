//! The forms that a Java release writes, or that all releases read.

use super::*;

#[test]
fn integer_keys_are_read_bare_and_quoted_and_mixed() {
    let table: Table = read(r#"{0:"a",-1:"b","2":"c",'3':"d",04:"e",+5:"f",6L:"g"}"#);
    assert_eq!(table.into_iter().map(|(k, v)| format!("{k}{v}")).collect::<String>(), "-1b0a2c3d4e5f6g");
}

#[test]
fn integer_keys_are_read_into_strings_too() {
    let table: BTreeMap<String, String> = read(r#"{0:"a",null:"b",true:"c",bare_word:"d"}"#);
    assert_eq!(table.keys().map(String::as_str).collect::<Vec<_>>(), ["0", "bare_word", "null", "true"]);
}

#[test]
fn a_key_may_be_an_object() {
    let stats: ConsumeStats = read(
        r#"{"consumeTps":0.5,"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:{"brokerOffset":7},{"brokerName":"b","queueId":1,"topic":"T"}:{"brokerOffset":8,"pullOffset":2}}}"#,
    );
    assert_eq!(stats.offset_table[&MessageQueue::new("b", 0, "T")].broker_offset, 7);
    assert_eq!(stats.offset_table[&MessageQueue::new("b", 1, "T")].pull_offset, 2);
}

#[test]
fn a_key_may_be_an_object_in_a_string() {
    let table: HashMap<MessageQueue, i64> = read(r#"{"{\"brokerName\":\"b\",queueId:4,'topic':\"T\"}":9}"#);
    assert_eq!(table[&MessageQueue::new("b", 4, "T")], 9);
}

#[test]
fn enum_keys_are_names() {
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    enum Kind {
        A,
        B,
    }
    let table: BTreeMap<Kind, i32> = read(r#"{"A":1,B:2}"#);
    assert_eq!(table, BTreeMap::from([(Kind::A, 1), (Kind::B, 2)]));
}

#[test]
fn single_quotes_bare_keys_and_trailing_commas_are_read() {
    let wrapper: OffsetWrapper = read(" { brokerOffset : 1 , 'consumerOffset':2, \"lastTimestamp\":3,} \0 ");
    let expected = OffsetWrapper { broker_offset: 1, consumer_offset: 2, last_timestamp: 3, pull_offset: 0 };
    assert_eq!(wrapper, expected);
    assert_eq!(read::<Vec<String>>(r#"['a "b"',"it's",]"#), [r#"a "b""#, "it's"]);
}

#[test]
fn the_last_of_a_repeated_field_counts() {
    let wrapper: OffsetWrapper = read(r#"{"brokerOffset":1,"pullOffset":5,"brokerOffset":2}"#);
    assert_eq!((wrapper.broker_offset, wrapper.pull_offset), (2, 5));
}

#[test]
fn the_last_of_a_repeated_alias_counts() {
    #[derive(Deserialize)]
    struct Aliased {
        #[serde(alias = "older")]
        newer: i32,
    }
    assert_eq!(read::<Aliased>("{older:1,older:2,}").newer, 2);
    assert_eq!(read::<Aliased>("{newer:1,newer:2,}").newer, 2);
}

#[test]
fn white_space_and_octal_escapes_are_accepted_as_in_headers() {
    assert_eq!(read::<Vec<String>>("[\u{8}'\\1\\7',\u{c}]\u{c}\0"), ["\u{1}\u{7}"]);
}

#[test]
fn a_number_beyond_64_bits_is_a_double_as_in_strict_json() {
    let number = "3333333333333333333332";
    let strict: serde_json::Value = serde_json::from_str(number).unwrap();
    assert_eq!(read::<serde_json::Value>(&format!("{number}\0")), strict);
    assert_eq!(read::<f64>(&format!("'{number}'\0")), 3_333_333_333_333_333_333_332.0);
    rejection::<u64>(&format!("{number}\0"));
}

#[test]
fn unknown_fields_of_any_shape_are_skipped() {
    let wrapper: OffsetWrapper = read(r#"{"brokerOffset":"1","x":{{"a":[1,{}]}:{2:[]}},"y":null}"#);
    assert_eq!(wrapper.broker_offset, 1);
}

#[test]
fn integers_are_read_from_strings_and_from_decimals() {
    assert_eq!(
        read::<Vec<i64>>(r#"["1","+2",3.9,"-4.5",5.,007,8L,1e1,true,false,9007199254740993]"#),
        [1, 2, 3, -4, 5, 7, 8, 10, 1, 0, 9_007_199_254_740_993]
    );
    assert_eq!(read::<Vec<u64>>("['18446744073709551615']"), [u64::MAX]);
    assert_eq!(read::<Vec<i64>>("['9223372036854775807','-9223372036854775808']"), [i64::MAX, i64::MIN]);
}

#[test]
fn null_and_an_empty_string_are_zero_for_primitive_types() {
    let wrapper: OffsetWrapper = read(r#"{"brokerOffset":null,"consumerOffset":"","lastTimestamp":"null"}"#);
    assert_eq!(wrapper, OffsetWrapper::default());
    assert_eq!(read::<(bool, f64)>("[null,\"\"]"), (false, 0.0));
    assert_eq!(read::<(Vec<i32>, Table)>("[null,null]"), (vec![], Table::new()));
    assert_eq!(read::<(Option<i64>, Option<Table>)>("[null,null,]"), (None, None));
}

#[test]
fn booleans_are_read_as_in_java() {
    assert_eq!(
        read::<Vec<bool>>(r#"[true,"true","TRUE",1,"1","Y",false,"false",0,"0","N",2]"#),
        [true, true, true, true, true, true, false, false, false, false, false, false]
    );
}

#[test]
fn doubles_are_read_from_strings_and_from_nan() {
    assert_eq!(read::<Vec<f64>>("['1.5',2,-3e2,.5]"), [1.5, 2.0, -300.0, 0.5]);
    assert!(read::<Vec<f64>>("[NaN,'NaN']").iter().all(|number| number.is_nan()));
}

#[test]
fn enums_are_read_by_name_and_by_ordinal() {
    let models: Vec<MessageModel> = read("['CLUSTERING',0,1]");
    assert_eq!(models, [MessageModel::Clustering, MessageModel::Broadcasting, MessageModel::Clustering]);
}

#[test]
fn bytes_are_read_signed_and_unsigned() {
    struct Raw(Vec<u8>);
    impl<'de> Deserialize<'de> for Raw {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Bytes;
            impl serde::de::Visitor<'_> for Bytes {
                type Value = Raw;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("bytes")
                }
                fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Raw, E> {
                    Ok(Raw(bytes))
                }
            }
            deserializer.deserialize_byte_buf(Bytes)
        }
    }
    assert_eq!(read::<Raw>("[97,-1,-128,255]").0, [97, 255, 128, 255]);
}

#[test]
fn a_string_is_read_from_any_scalar_and_from_the_json_of_an_object() {
    assert_eq!(
        read::<Vec<String>>("['a',1.50,true,{'b':1},[2, 3]]"),
        ["a", "1.50", "true", r#"{"b":1}"#, "[2,3]"]
    );
}

#[test]
fn escapes_are_decoded_as_in_java() {
    assert_eq!(
        read::<Vec<String>>(
            r#"['\"\\\/\'\b\f\n\r\t\v\0\x41\u00e9','\ud83d\ude00','\ud83d','\ud83dx\ude00']"#
        ),
        ["\"\\/'\u{8}\u{c}\n\r\t\u{b}\0Aé", "😀", "\u{fffd}", "\u{fffd}x\u{fffd}"]
    );
    assert_eq!(read::<Vec<String>>("['a\nb\u{1}']"), ["a\nb\u{1}"]);
}

#[test]
fn an_untyped_value_keeps_its_shape() {
    let value: serde_json::Value = read(r#"{0:['a',1,-2,3.5,true,null],b:{}}"#);
    assert_eq!(value, serde_json::json!({"0": ["a", 1, -2, 3.5, true, null], "b": {}}));
}
