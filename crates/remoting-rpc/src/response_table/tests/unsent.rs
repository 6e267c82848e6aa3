use super::*;

#[test]
fn a_close_tells_calls_apart_whose_request_was_never_written() {
    let fixture = Fixture::new();
    let [written, unsent, dropped] = [(); 3].map(|()| fixture.begin(SECOND));
    for opaque in [unsent.opaque(), dropped.opaque(), -1] {
        fixture.table.unsent(opaque);
    }
    drop(dropped);
    let reason = CloseReason::peer("it closed the connection");
    fixture.table.close(&reason);
    fixture.table.unsent(written.opaque()); // too late
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(pin!(written).poll(&mut context), Poll::Ready(Outcome::Closed(why)) if why == reason));
    assert!(matches!(pin!(unsent).poll(&mut context), Poll::Ready(Outcome::Unsent(why)) if why == reason));
    assert_eq!(fixture.table.in_flight(), 0);
}
