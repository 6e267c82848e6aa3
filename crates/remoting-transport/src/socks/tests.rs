use super::*;

fn routed(proxies: &SocksProxies, address: &str) -> Option<String> {
    proxies.proxy_for(&address.parse().unwrap()).map(|proxy| proxy.address().to_string())
}

#[test]
fn the_first_network_in_the_text_that_fits_counts() {
    let proxies = SocksProxies::from_json(
        r#"{"10.1.0.0/16": {"addr": "a:1"}, "10.0.0.0/8": {"addr": "b:1"}, "fd00::/8": {"addr": "c:1"},
            "192.0.2.7": {"addr": "d:1", "unknown": [1]}, "::ffff:198.51.100.0/120": {"addr": "e:1"}}"#,
    )
    .unwrap();
    for (address, proxy) in [
        ("10.1.2.3:9876", Some("a:1")),
        ("[::ffff:10.1.2.3]:9876", Some("a:1")),
        ("10.2.0.1:9876", Some("b:1")),
        ("[fd00::1]:9876", Some("c:1")),
        ("192.0.2.7:9876", Some("d:1")),
        ("192.0.2.8:9876", None),
        ("198.51.100.7:9876", Some("e:1")),
        ("[2001:db8::1]:9876", None),
        ("broker-a:9876", None),
        ("memory:a", None),
        ("unix:/run/a", None),
    ] {
        assert_eq!(routed(&proxies, address).as_deref(), proxy, "{address}");
    }
}

#[test]
fn a_route_for_everything_takes_host_names_and_ipv6_too() {
    let everything = SocksProxies::from_json(r#"{"0.0.0.0/0": {"addr": "p:1"}}"#).unwrap();
    let ipv6 = SocksProxies::from_json(r#"{"::/0": {"addr": "p:1"}}"#).unwrap();
    for (address, by_everything, by_ipv6) in [
        ("10.0.0.1:1", true, false),
        ("[::1]:1", true, true),
        ("broker-a:1", true, true),
        ("unix:/run/a", false, false),
    ] {
        assert_eq!(routed(&everything, address).is_some(), by_everything, "{address}");
        assert_eq!(routed(&ipv6, address).is_some(), by_ipv6, "{address}");
    }
    assert_eq!(everything, SocksProxies::all(SocksProxy::new("p:1".parse::<Address>().unwrap())));
}

#[test]
fn an_empty_table_dials_directly() {
    for text in ["", "  ", "{}"] {
        assert!(SocksProxies::from_json(text).unwrap().is_empty());
    }
}

#[test]
fn a_table_that_makes_no_sense_is_refused_without_quoting_it() {
    let long = "x".repeat(256);
    for (text, expected) in [
        ("[]".to_owned(), "line 1"),
        (
            r#"{"0.0.0.0/0": {"addr": "a:1", "username": "u", "password": 5550123}}"#.to_owned(),
            "line 1, column",
        ),
        (r#"{"0.0.0.0/0": {"username": "u"}}"#.to_owned(), "line 1, column"),
        (r#"{"10.0.0.0/33": {"addr": "a:1"}}"#.to_owned(), "10.0.0.0/33"),
        (r#"{"0.0.0.0/0": {"addr": "a"}}"#.to_owned(), "missing port"),
        (r#"{"0.0.0.0/0": {"addr": "a:1", "username": "u", "password": ""}}"#.to_owned(), "1 to 255 bytes"),
        (
            format!(r#"{{"0.0.0.0/0": {{"addr": "a:1", "username": "u", "password": "{long}"}}}}"#),
            "1 to 255 bytes",
        ),
    ] {
        let error = SocksProxies::from_json(&text).unwrap_err();
        let error = crate::protocol::ErrorChain(&error).to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("5550123") && !error.contains(&long), "{error}");
    }
}

#[test]
fn a_password_is_not_shown() {
    let text = r#"{"0.0.0.0/0": {"addr": "a:1", "username": "user", "password": "open sesame"}}"#;
    let shown = format!("{:?}", SocksProxies::from_json(text).unwrap());
    assert!(shown.contains("user") && !shown.contains("sesame"), "{shown}");
}
