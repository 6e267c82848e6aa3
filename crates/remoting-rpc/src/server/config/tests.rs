use super::*;
use crate::transport::WaterMark;
use crate::transport::protocol::FrameLimits;

fn from(properties: &[(&str, &str)]) -> Result<ServerConfig, ConfigError> {
    ServerConfig::from_properties(|name| {
        properties.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn without_properties_the_defaults_apply() {
    assert_eq!(from(&[]).unwrap(), ServerConfig::new());
}

#[test]
fn each_java_property_changes_its_setting() {
    let config = from(&[
        ("serverAsyncSemaphoreValue", "7"),
        ("serverOnewaySemaphoreValue", "8"),
        ("serverChannelMaxIdleTimeSeconds", "60"),
        ("enableShutdownGracefully", "true"),
        ("shutdownWaitTimeSeconds", "5"),
        ("com.rocketmq.remoting.socket.backlog", "65535"),
        ("com.rocketmq.remoting.socket.sndbuf.size", "65535"),
        ("com.rocketmq.remoting.socket.rcvbuf.size", "0"),
        ("com.rocketmq.remoting.write.buffer.low.water.mark", "1024"),
        ("com.rocketmq.remoting.write.buffer.high.water.mark", "4096"),
        ("com.rocketmq.remoting.frameMaxLength", "1048576"),
        ("rocketmq.serialize.type", "ROCKETMQ"),
        ("ROCKETMQ_SERIALIZE_TYPE", "JSON"),
    ]);
    let expected = ServerConfig::new()
        .async_permits(7)
        .oneway_permits(8)
        .max_idle(Duration::from_secs(60))
        .shutdown_gracefully(true)
        .shutdown_wait(Duration::from_secs(5))
        .backlog(65_535)
        .send_buffer(65_535)
        .water_mark(WaterMark::new(1024, 4096).unwrap())
        .frame_limits(FrameLimits::default().with_max_frame(1 << 20))
        .response_serialize_type(SerializeType::RocketMq);
    assert_eq!(config.unwrap(), expected);
}

#[test]
fn the_serialize_type_is_also_read_from_the_variable_that_java_reads() {
    let config = from(&[("ROCKETMQ_SERIALIZE_TYPE", "ROCKETMQ")]).unwrap();
    assert_eq!(config, ServerConfig::new().response_serialize_type(SerializeType::RocketMq));
    let error = from(&[("rocketmq.serialize.type", "rocketmq")]).unwrap_err();
    assert_eq!(error.to_string(), "rocketmq.serialize.type=\"rocketmq\" is not JSON or ROCKETMQ");
}

#[test]
fn an_unreadable_value_is_named() {
    let error = from(&[("com.rocketmq.remoting.socket.backlog", "-1")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "com.rocketmq.remoting.socket.backlog=\"-1\" is not a number of connections"
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
        (ServerConfig::new().async_permits(0), "serverAsyncSemaphoreValue"),
        (ServerConfig::new().oneway_permits(usize::MAX), "serverOnewaySemaphoreValue"),
        (ServerConfig::new().backlog(0), "serverSocketBacklog"),
        (ServerConfig::new().backlog(u32::MAX), "serverSocketBacklog"),
        (ServerConfig::new().max_connections(0), "max_connections"),
        (ServerConfig::new().max_requests_per_channel(0), "max_requests_per_channel"),
        (ServerConfig::new().max_request_bytes_per_channel(0), "max_request_bytes_per_channel"),
        (ServerConfig::new().max_waiting_responses(0), "max_waiting_responses"),
        (ServerConfig::new().event_queue(0), "event_queue"),
    ] {
        assert!(config.validate().unwrap_err().to_string().contains(name));
    }
    for mark in ["low", "high"] {
        let property = format!("com.rocketmq.remoting.write.buffer.{mark}.water.mark");
        let error = from(&[(&property, "5")]).unwrap_err().to_string();
        assert_eq!(error, format!("{property}=\"5\" is not set together with the other water mark"));
    }
}

#[test]
fn an_idle_time_of_zero_means_never() {
    assert_eq!(ServerConfig::new().max_idle(Duration::ZERO).endpoint.max_idle, None);
}
