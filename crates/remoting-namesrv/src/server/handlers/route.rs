use remoting::model::constants::{ZONE_MODE, ZONE_NAME};
use remoting::model::operation::GetRouteInfo;
use remoting::{MqVersion, Refusal, RemotingCommand, Request, ResponseCode};

use crate::route::{JsonDialect, Zone};
use crate::server::state::State;

/// Where Java sends the user whose topic has no route.
const HELP: &str = "See https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.";

impl State {
    pub(super) async fn get_route_info(
        &self,
        request: Request<GetRouteInfo>,
    ) -> Result<RemotingCommand, Refusal> {
        let config = self.config();
        if config.need_wait_for_service && self.started.elapsed() < config.wait_seconds_for_service {
            return Err(Refusal::new(ResponseCode::SYSTEM_ERROR, "name server not ready"));
        }
        let topic = &request.header.topic;
        let json = self.route_json(topic, dialect_of(&request), zone_of(request.command()));
        self.counters.route(json.is_some());
        match json {
            Some(json) => {
                Ok(RemotingCommand::response_to(request.command(), ResponseCode::SUCCESS).with_body(json))
            }
            None => {
                let remark = format!("No topic route info in name server for the topic: {topic}\n{HELP}");
                Err(Refusal::new(ResponseCode::TOPIC_NOT_EXIST, remark))
            }
        }
    }
}

fn dialect_of(request: &Request<GetRouteInfo>) -> JsonDialect {
    let asked_for = request.header.accept_standard_json_only == Some(true);
    if asked_for || request.version() >= MqVersion::V4_9_4 {
        JsonDialect::Standard
    } else {
        JsonDialect::Legacy
    }
}

/// Returns the zone to which a client limits its routes.
fn zone_of(request: &RemotingCommand) -> Option<Zone<'_>> {
    let is_on = request.ext_field(ZONE_MODE).is_some_and(|mode| mode.eq_ignore_ascii_case("true"));
    let zone = request.ext_field(ZONE_NAME).filter(|zone| is_on && !zone.trim().is_empty())?;
    Some(Zone(zone))
}
