//! Calls to name servers: sticky choice, failover within one budget, the availability probe.

mod client_support;

use client_support::*;
use remoting_rpc::transport::Address;
use remoting_rpc::transport::protocol::ErrorChain;
use remoting_rpc::{ClientConfig, ConfigError, RemotingClient, RpcError};
use tokio::time::Instant;

async fn servers<const N: usize>() -> [TestServer; N] {
    let mut servers = Vec::new();
    for _ in 0..N {
        servers.push(TestServer::start("name-server").await);
    }
    servers.try_into().unwrap_or_else(|_| unreachable!("N were pushed"))
}

fn addrs(servers: &[TestServer]) -> Vec<Address> {
    servers.iter().map(|server| server.addr.clone()).collect()
}

fn requests(servers: &[TestServer]) -> Vec<usize> {
    servers.iter().map(TestServer::requests).collect()
}

#[tokio::test(start_paused = true)]
async fn without_a_list_the_error_names_set_name_servers() {
    let error = client().invoke_name_server(request(ECHO), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::NoNameServer) && error.is_connect());
    assert!(error.to_string().contains("set_name_servers"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_invalid_address_does_not_change_the_list() {
    let client = client();
    client.set_name_servers(["10.0.0.1:9876"]).unwrap();
    let error = client.set_name_servers(["10.0.0.2:9876", "10.0.0.3"]).unwrap_err();
    assert!(error.to_string().contains("10.0.0.3"), "{error}");
    assert_eq!(client.name_servers(), ["10.0.0.1:9876".parse().unwrap()]);
    client.set_name_servers(Vec::<Address>::new()).unwrap();
    assert_eq!(client.name_servers().len(), 1, "an empty list is ignored");
}

#[tokio::test(start_paused = true)]
async fn a_builder_takes_name_servers_as_javas_text_and_as_a_list() {
    let both: [Address; 2] = ["10.0.0.1:9876".parse().unwrap(), "10.0.0.2:9876".parse().unwrap()];
    let text = RemotingClient::builder().name_servers("10.0.0.1:9876; 10.0.0.2:9876;").build().unwrap();
    let list = RemotingClient::builder().name_servers(&both).build().unwrap();
    for client in [text, list] {
        let mut known = client.name_servers();
        known.sort_unstable_by_key(ToString::to_string);
        assert_eq!(known, both);
    }
    let error = RemotingClient::builder().name_servers("10.0.0.1:9876;10.0.0.3").build().unwrap_err();
    assert!(matches!(&error, ConfigError::Address(_)) && error.to_string().contains("10.0.0.3"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn calls_stick_to_one_name_server() {
    let servers = servers::<3>().await;
    let client = client();
    client.set_name_servers(addrs(&servers)).unwrap();
    for _ in 0..10 {
        client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    }
    let mut requests = requests(&servers);
    requests.sort_unstable();
    assert_eq!(requests, [0, 0, 10]);
    assert_eq!(client.statistics().channels, 1, "only that one is connected");
}

#[tokio::test(start_paused = true)]
async fn a_call_tries_all_candidates_when_most_are_dead() {
    let [alive] = servers::<1>().await;
    for _ in 0..8 {
        let client = client();
        let mut list: Vec<Address> = (0..5).map(|_| address("dead")).collect();
        list.push(alive.addr.clone());
        client.set_name_servers(list).unwrap();
        client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
        assert_eq!(client.available_name_servers(), std::slice::from_ref(&alive.addr));
    }
}

#[tokio::test(start_paused = true)]
async fn black_holes_leave_budget_for_the_living() {
    let [hole, alive] = servers::<2>().await;
    let mut waited = 0;
    for _ in 0..32 {
        let client = RemotingClient::builder()
            .config(ClientConfig::new().scan_available_name_servers(false))
            .prologue_step(BlackHole(hole.addr.clone()))
            .build()
            .unwrap();
        client.set_name_servers([&hole.addr, &alive.addr]).unwrap();
        let start = Instant::now();
        client.invoke_name_server(request(ECHO), 2 * SECOND).await.unwrap();
        assert!(start.elapsed() <= SECOND / 4, "the second one is dialled shortly after the first");
        waited += usize::from(start.elapsed() == SECOND / 4);
        let start = Instant::now();
        client.invoke_name_server(request(ECHO), 2 * SECOND).await.unwrap();
        assert!(start.elapsed() < SECOND / 10, "the living one is chosen now");
    }
    assert!(
        (1..32).contains(&waited),
        "each client shuffles its own copy: {waited} of 32 began with the black hole"
    );
}

#[tokio::test(start_paused = true)]
async fn if_no_name_server_connects_the_error_names_the_last_and_its_cause() {
    let client = client();
    let dead = [address("dead"), address("dead"), address("dead")];
    client.set_name_servers(&dead).unwrap();
    let error = client.invoke_name_server(request(ECHO), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::NameServer { tried: 3, .. }) && error.is_connect());
    let last = error.addr().unwrap();
    let text = format!("none of 3 name servers could be connected; the last was <{last}>");
    assert_eq!(error.to_string(), text);
    let chain = ErrorChain(&error).to_string();
    assert_eq!(chain, format!("{text}: connect to <{last}> failed: connection refused"));
    assert!(error.addr().is_some_and(|addr| dead.contains(addr)));
    client.set_name_servers([&dead[0]]).unwrap();
    assert!(client.available_name_servers().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_moves_on_when_the_chosen_name_server_has_died() {
    let mut servers = Vec::from(servers::<3>().await);
    let client = client();
    client.set_name_servers(addrs(&servers)).unwrap();
    while !servers.is_empty() {
        client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
        let chosen = servers.iter().position(|server| server.requests() > 0).unwrap();
        drop(servers.remove(chosen));
        until(|| client.statistics().channels == 0).await;
    }
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn an_unresponsive_name_server_is_not_the_first_choice_again() {
    let servers = servers::<2>().await;
    let client = client_with(ClientConfig::new().hedge_name_servers(false));
    client.set_name_servers(addrs(&servers)).unwrap();
    client.invoke_name_server(request(SILENT), SECOND).await.unwrap_err();
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    assert_eq!(requests(&servers), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_chosen_name_server_that_leaves_the_list_is_disconnected_and_no_other() {
    // Java compares substrings: `ns-1` would take `ns-10` with it.
    let one = TestServer::start_at(Address::memory("leaving-ns-1")).await;
    let ten = TestServer::start_at(Address::memory("leaving-ns-10")).await;
    let client = client();
    client.set_name_servers([&one.addr]).unwrap();
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    client.invoke(&ten.addr, request(ECHO), SECOND).await.unwrap();
    client.set_name_servers([&ten.addr]).unwrap();
    until(|| client.statistics().channels == 1).await;
    assert!(client.channel(&one.addr).is_none() && client.channel(&ten.addr).is_some());
    client.invoke_name_server(request(ECHO), SECOND).await.unwrap();
    assert_eq!((one.requests(), ten.requests(), ten.accepted()), (1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn the_probe_keeps_every_live_name_server_connected() {
    let mut servers = Vec::from(servers::<2>().await);
    let dead = address("dead");
    let client =
        RemotingClient::builder().config(ClientConfig::new().connect_timeout(SECOND)).build().unwrap();
    let mut list = addrs(&servers);
    list.push(dead.clone());
    client.set_name_servers(list).unwrap();
    until(|| client.available_name_servers().len() == 2).await;
    assert!(!client.available_name_servers().contains(&dead), "Java calls it available");
    assert_eq!(client.statistics().channels, 2);

    let died = servers.pop().unwrap().addr.clone();
    tokio::time::sleep(2 * SECOND).await;
    assert_eq!(client.available_name_servers(), std::slice::from_ref(&servers[0].addr));

    let _revived = [TestServer::start_at(died).await, TestServer::start_at(dead).await];
    tokio::time::sleep(2 * SECOND).await;
    assert_eq!(client.available_name_servers().len(), 3);
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn a_new_list_is_probed_at_once() {
    let [server] = servers::<1>().await;
    let client =
        RemotingClient::builder().config(ClientConfig::new().connect_timeout(3600 * SECOND)).build().unwrap();
    client.set_name_servers([address("dead")]).unwrap();
    tokio::time::sleep(SECOND).await;
    let start = Instant::now();
    client.set_name_servers([&server.addr]).unwrap();
    until(|| client.available_name_servers().len() == 1).await;
    assert!(start.elapsed() < SECOND);
}

#[tokio::test(start_paused = true)]
async fn without_the_probe_nothing_is_connected_before_a_call() {
    let [server] = servers::<1>().await;
    let client = client();
    client.set_name_servers([&server.addr]).unwrap();
    tokio::time::sleep(60 * SECOND).await;
    assert_eq!(server.accepted(), 0);
    assert_eq!(client.statistics().tasks, 0);
}
