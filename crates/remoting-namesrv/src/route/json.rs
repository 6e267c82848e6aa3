//! Writes routes in the two dialects that Java's name server writes.

use std::fmt::Write as _;

use remoting::protocol::bytes::Bytes;

use super::{JsonDialect, RouteView};
use remoting::model::body::TopicQueueMappingInfo;

impl RouteView<'_> {
    /// Writes the route as Java writes a `TopicRouteData`: members in the order of their names, without null.
    pub(crate) fn to_json(&self, dialect: JsonDialect) -> Bytes {
        let mut json = Json { text: String::with_capacity(64 + 256 * self.groups.len()), dialect };
        json.raw("{\"brokerDatas\":[");
        json.list(&self.groups, |json, group| {
            json.raw("{\"brokerAddrs\":{");
            json.list(group.addrs(), |json, (id, addr)| {
                json.integer_key(id);
                json.string(addr);
            });
            json.raw("},\"brokerName\":");
            json.string(&group.data.broker_name);
            json.raw(",\"cluster\":");
            json.string(&group.data.cluster);
            json.raw(if group.data.enable_acting_master {
                ",\"enableActingMaster\":true"
            } else {
                ",\"enableActingMaster\":false"
            });
            if let Some(zone) = &group.data.zone_name {
                json.raw(",\"zoneName\":");
                json.string(zone);
            }
            json.raw("}");
        });
        json.raw("],\"filterServerTable\":{");
        json.list(self.filter_servers(), |json, (addr, servers)| {
            json.string(addr);
            json.raw(":[");
            json.list(servers, |json, server| json.string(server));
            json.raw("]");
        });
        json.raw("}");
        if let Some(order) = self.order_topic_conf {
            json.raw(",\"orderTopicConf\":");
            json.string(order);
        }
        json.raw(",\"queueDatas\":[");
        json.list(&self.groups, |json, group| {
            json.raw("{\"brokerName\":");
            json.string(&group.data.broker_name);
            json.number(",\"perm\":", group.queues.perm);
            json.number(",\"readQueueNums\":", group.queues.read_queue_nums);
            json.number(",\"topicSysFlag\":", group.queues.topic_sys_flag);
            json.number(",\"writeQueueNums\":", group.queues.write_queue_nums);
            json.raw("}");
        });
        json.raw("]");
        if !self.mapping.is_empty() {
            json.raw(",\"topicQueueMappingByBroker\":{");
            json.list(self.mapping, |json, (broker, mapping)| {
                json.string(broker);
                json.raw(":");
                json.mapping(mapping);
            });
            json.raw("}");
        }
        json.raw("}");
        json.text.into()
    }
}

struct Json {
    text: String,
    dialect: JsonDialect,
}

impl Json {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes the items with commas between them.
    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            write(self, item);
        }
    }

    fn number(&mut self, before: &str, number: impl Into<i64>) {
        // Writing to a `String` does not fail.
        let _ = write!(self.text, "{before}{}", number.into());
    }

    fn integer_key(&mut self, key: impl Into<i64>) {
        let key = key.into();
        let _ = match self.dialect {
            JsonDialect::Standard => write!(self.text, "\"{key}\":"),
            JsonDialect::Legacy => write!(self.text, "{key}:"),
        };
    }

    fn string(&mut self, string: &str) {
        self.text.push('"');
        for char in string.chars() {
            match char {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                ' '..='~' => self.text.push(char),
                _ if self.dialect == JsonDialect::Legacy && !char.is_control() => self.text.push(char),
                _ => {
                    for unit in char.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.text, "\\u{unit:04X}");
                    }
                }
            }
        }
        self.text.push('"');
    }

    fn mapping(&mut self, mapping: &TopicQueueMappingInfo) {
        self.raw("{\"bname\":");
        self.string(&mapping.bname);
        self.raw(",\"currIdMap\":{");
        self.list(&mapping.curr_id_map, |json, (logical, queue)| {
            json.integer_key(*logical);
            json.number("", *queue);
        });
        self.raw(if mapping.dirty { "},\"dirty\":true" } else { "},\"dirty\":false" });
        self.number(",\"epoch\":", mapping.epoch);
        self.raw(",\"scope\":");
        self.string(&mapping.scope);
        self.raw(",\"topic\":");
        self.string(&mapping.topic);
        self.number(",\"totalQueues\":", mapping.total_queues);
        self.raw("}");
    }
}
