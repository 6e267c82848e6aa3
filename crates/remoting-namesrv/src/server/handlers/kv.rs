//! The KV configuration.

use remoting::model::body::KVTable;
use remoting::model::constants::NAMESPACE_ORDER_TOPIC_CONFIG;
use remoting::model::header::GetKVConfigResponseHeader;
use remoting::model::operation::{DeleteKVConfig, GetKVConfig, GetKVListByNamespace, PutKVConfig};
use remoting::{Refusal, Request, ResponseCode};

use super::not_stored;
use crate::kv::KvError;
use crate::server::state::State;

impl State {
    pub(super) async fn put_kv_config(&self, request: Request<PutKVConfig>) -> Result<(), Refusal> {
        let header = &request.header;
        self.kv.put(&header.namespace, &header.key, &header.value).map_err(|error| refusal(&error))?;
        tracing::info!(namespace = header.namespace, key = header.key, value = header.value,
            peer = %request.peer_addr(), "KV configuration changed");
        self.kv_changed(&header.namespace);
        Ok(())
    }

    pub(super) async fn delete_kv_config(&self, request: Request<DeleteKVConfig>) -> Result<(), Refusal> {
        let header = &request.header;
        self.kv.delete(&header.namespace, &header.key).map_err(|error| refusal(&error))?;
        tracing::info!(namespace = header.namespace, key = header.key, peer = %request.peer_addr(),
            "KV configuration deleted");
        self.kv_changed(&header.namespace);
        Ok(())
    }

    pub(super) async fn get_kv_config(
        &self,
        request: Request<GetKVConfig>,
    ) -> Result<GetKVConfigResponseHeader, Refusal> {
        let header = &request.header;
        match self.kv.get(&header.namespace, &header.key) {
            Some(value) => Ok(GetKVConfigResponseHeader { value: Some(value) }),
            None => {
                let remark = format!("No config item, Namespace: {} Key: {}", header.namespace, header.key);
                Err(Refusal::new(ResponseCode::QUERY_NOT_FOUND, remark))
            }
        }
    }

    pub(super) async fn get_kv_list_by_namespace(
        &self,
        request: Request<GetKVListByNamespace>,
    ) -> Result<KVTable, Refusal> {
        let namespace = &request.header.namespace;
        match self.kv.namespace(namespace) {
            Some(table) => Ok(KVTable { table }),
            None => {
                let remark = format!("No config item, Namespace: {namespace}");
                Err(Refusal::new(ResponseCode::QUERY_NOT_FOUND, remark))
            }
        }
    }

    /// Routes have the order configuration of their topic.
    fn kv_changed(&self, namespace: &str) {
        if namespace == NAMESPACE_ORDER_TOPIC_CONFIG {
            self.registry.encoded().outdate();
        }
    }
}

fn refusal(error: &KvError) -> Refusal {
    match error {
        KvError::Store(error) => not_stored("the KV configuration", error),
        KvError::Full { .. } => Refusal::new(ResponseCode::SYSTEM_ERROR, error.to_string()),
    }
}
