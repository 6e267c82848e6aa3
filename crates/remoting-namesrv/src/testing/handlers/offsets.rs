use remoting::model::header::{
    GetMaxOffsetResponseHeader, GetMinOffsetResponseHeader, QueryConsumerOffsetResponseHeader,
    SearchOffsetResponseHeader,
};
use remoting::model::operation::{
    GetMaxOffset, GetMinOffset, QueryConsumerOffset, SearchOffset, UpdateConsumerOffset,
};
use remoting::{Refusal, Request, ResponseCode};

use crate::testing::state::BrokerState;

impl BrokerState {
    /// Returns the offset of a group. A new group starts at 0, as at a broker whose queue has its first message.
    pub(super) async fn query_consumer_offset(
        &self,
        request: Request<QueryConsumerOffset>,
    ) -> Result<QueryConsumerOffsetResponseHeader, Refusal> {
        let header = &request.header;
        let key = (header.topic.clone(), header.queue_id);
        match self.store.lock().offset(&header.consumer_group, &key) {
            Some(offset) => Ok(QueryConsumerOffsetResponseHeader { offset }),
            None if header.set_zero_if_not_found != Some(false) => {
                Ok(QueryConsumerOffsetResponseHeader { offset: 0 })
            }
            None => Err(Refusal::new(
                ResponseCode::QUERY_NOT_FOUND,
                "Not found, maybe this group consumer boot first",
            )),
        }
    }

    pub(super) async fn update_consumer_offset(&self, request: Request<UpdateConsumerOffset>) {
        let header = &request.header;
        let key = (header.topic.clone(), header.queue_id);
        self.store.lock().set_offset(&header.consumer_group, key, header.commit_offset);
    }

    pub(super) async fn search_offset(
        &self,
        request: Request<SearchOffset>,
    ) -> Result<SearchOffsetResponseHeader, Refusal> {
        let key = (request.header.topic.clone(), request.header.queue_id);
        Ok(SearchOffsetResponseHeader { offset: self.store.lock().offset_at(&key, request.header.timestamp) })
    }

    pub(super) async fn get_max_offset(
        &self,
        request: Request<GetMaxOffset>,
    ) -> Result<GetMaxOffsetResponseHeader, Refusal> {
        let key = (request.header.topic.clone(), request.header.queue_id);
        Ok(GetMaxOffsetResponseHeader { offset: self.store.lock().max_offset(&key) })
    }

    /// The double deletes nothing, so each queue starts at 0.
    pub(super) async fn get_min_offset(
        &self,
        _request: Request<GetMinOffset>,
    ) -> Result<GetMinOffsetResponseHeader, Refusal> {
        Ok(GetMinOffsetResponseHeader { offset: 0 })
    }
}
