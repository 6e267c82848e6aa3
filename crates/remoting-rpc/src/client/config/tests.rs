use super::*;
use crate::transport::WaterMark;
use crate::transport::protocol::FrameLimits;

fn from(properties: &[(&str, &str)]) -> Result<ClientConfig, ConfigError> {
    ClientConfig::from_properties(|name| {
        properties.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn without_properties_the_defaults_apply() {
    assert_eq!(from(&[]).unwrap(), ClientConfig::new());
}

#[test]
fn each_java_property_changes_its_setting() {
    let config = from(&[
        ("com.rocketmq.remoting.client.connect.timeout", "2000"),
        ("com.rocketmq.remoting.client.channel.maxIdleTimeSeconds", "60"),
        ("com.rocketmq.remoting.client.closeSocketIfTimeout", "false"),
        ("com.rocketmq.remoting.clientAsyncSemaphoreValue", "7"),
        ("com.rocketmq.remoting.clientOnewaySemaphoreValue", "8"),
        ("com.rocketmq.remoting.socket.sndbuf.size", "65535"),
        ("com.rocketmq.remoting.socket.rcvbuf.size", "0"),
        ("com.rocketmq.remoting.write.buffer.low.water.mark", "1024"),
        ("com.rocketmq.remoting.write.buffer.high.water.mark", "4096"),
        ("com.rocketmq.remoting.frameMaxLength", "1048576"),
    ])
    .unwrap();
    let expected = ClientConfig::new()
        .connect_timeout(Duration::from_secs(2))
        .max_idle(Duration::from_secs(60))
        .retire_silent_channel_on_timeout(false)
        .async_permits(7)
        .oneway_permits(8)
        .send_buffer(65_535)
        .water_mark(WaterMark::new(1024, 4096).unwrap())
        .frame_limits(FrameLimits::default().with_max_frame(1 << 20));
    assert_eq!(config, expected);
}

#[test]
fn a_key_of_the_java_bean_overrides_its_system_property() {
    let config = from(&[
        ("com.rocketmq.remoting.client.connect.timeout", "2000"),
        ("connectTimeoutMillis", "500"),
        ("isScanAvailableNameSrv", "false"),
        ("enableReconnectForGoAway", "false"),
    ])
    .unwrap();
    let expected = ClientConfig::new()
        .connect_timeout(Duration::from_millis(500))
        .scan_available_name_servers(false)
        .reconnect_for_go_away(false);
    assert_eq!(config, expected);
}

#[test]
fn an_idle_time_of_zero_means_never() {
    assert_eq!(
        from(&[("com.rocketmq.remoting.client.channel.maxIdleTimeSeconds", "0")]).unwrap().endpoint.max_idle,
        None
    );
}

#[test]
fn an_unreadable_value_is_named() {
    let error = from(&[("com.rocketmq.remoting.client.connect.timeout", "soon")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "com.rocketmq.remoting.client.connect.timeout=\"soon\" is not a number of milliseconds"
    );
}

#[test]
fn a_frame_length_below_the_smallest_frame_is_rejected() {
    for bytes in ["0", "7", "-1"] {
        let error = from(&[("com.rocketmq.remoting.frameMaxLength", bytes)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("com.rocketmq.remoting.frameMaxLength={bytes:?} is not a number of bytes, 8 or more")
        );
    }
    assert!(from(&[("com.rocketmq.remoting.frameMaxLength", "8")]).is_ok());
}

#[test]
fn out_of_range_values_are_rejected_by_name() {
    for (config, name) in [
        (ClientConfig::new().connect_timeout(Duration::ZERO), "connectTimeoutMillis"),
        (ClientConfig::new().async_permits(0), "clientAsyncSemaphoreValue"),
        (ClientConfig::new().oneway_permits(0), "clientOnewaySemaphoreValue"),
        (ClientConfig::new().oneway_permits(usize::MAX), "clientOnewaySemaphoreValue"),
    ] {
        assert!(config.validate().unwrap_err().to_string().contains(name));
    }
    for mark in ["low", "high"] {
        let property = format!("com.rocketmq.remoting.write.buffer.{mark}.water.mark");
        let error = from(&[(&property, "5")]).unwrap_err().to_string();
        assert_eq!(error, format!("{property}=\"5\" is not set together with the other water mark"));
    }
}
