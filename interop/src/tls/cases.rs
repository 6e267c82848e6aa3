//! Runs the cases with a server of one side and clients of the other.

use std::net::SocketAddr;

use anyhow::{bail, ensure};

use super::certificates::{Certificates, Identity};
use super::scenarios::{End, SCENARIOS, Scenario};
use super::settings::Settings;
use super::sides::{CallFailed, ClientSide, ServerSide};
use crate::client::{Cases, NotApplicable};

const EXECUTES_NOTHING: &str = "tls-enforcing-executes-no-plaintext";
const RELOAD: &str = "tls-reload";

/// Returns whether the name of any case contains this text.
pub(super) fn any_named(part: &str) -> bool {
    SCENARIOS
        .iter()
        .map(|scenario| scenario.name)
        .chain([EXECUTES_NOTHING, RELOAD])
        .any(|name| name.contains(part))
}

pub(super) async fn run(
    cases: &mut Cases<'_>,
    certificates: &Certificates,
    server: &mut impl ServerSide,
    clients: &mut impl ClientSide,
) {
    for scenario in &SCENARIOS {
        cases.run(scenario.name, play(scenario, certificates, server, clients)).await;
    }
    cases.run(EXECUTES_NOTHING, executes_no_plaintext(certificates, server, clients)).await;
    cases.run(RELOAD, reload(certificates, server, clients)).await;
}

async fn play<C: ClientSide>(
    scenario: &Scenario,
    certificates: &Certificates,
    server: &mut impl ServerSide,
    clients: &mut C,
) -> anyhow::Result<()> {
    let Scenario { settings, end, .. } = scenario;
    if *end == End::RefusedForItsHost && !C::VERIFIES_HOST_NAMES {
        return Err(NotApplicable("Java never verifies host names").into());
    }
    if let Some(client) = settings.client {
        if let Some(reason) = clients.cannot_have(client) {
            return Err(NotApplicable(reason).into());
        }
        certificates.encrypt(client)?;
    }
    let properties = settings.write(certificates, "case")?;
    let addr = server.start(settings.mode, &properties).await?;
    clients.open("client", settings.client_tls, &properties).await?;
    let called = clients.call("client", addr).await?;
    server.stop().await?;
    match end {
        End::Answered => answered(called),
        End::RefusedIfShown if !C::SHOWS_ANY_CERTIFICATE => answered(called),
        End::Refused | End::RefusedForItsHost | End::RefusedIfShown => refused(called),
    }
}

/// A server that enforces TLS neither executes nor answers a plaintext request.
async fn executes_no_plaintext(
    certificates: &Certificates,
    server: &mut impl ServerSide,
    clients: &mut impl ClientSide,
) -> anyhow::Result<()> {
    if server.executes_what_it_refuses() {
        return Err(
            NotApplicable("before 5.5.0 Java executes the request of the client that it refuses").into()
        );
    }
    let settings = Settings::ONE_WAY;
    let properties = settings.write(certificates, "case")?;
    let addr = server.start(settings.mode, &properties).await?;
    clients.open("plaintext", false, &properties).await?;
    refused(clients.call("plaintext", addr).await?)?;
    clients.open("client", true, &properties).await?;
    answered(clients.call("client", addr).await?)?;
    let executed = server.executed().await?;
    server.stop().await?;
    ensure!(executed == 1, "expected one request, that over TLS, to be executed; it were {executed}");
    Ok(())
}

/// The server's certificate is replaced by one of another authority. Connected clients continue, and new clients
/// see the new certificate.
async fn reload(
    certificates: &Certificates,
    server: &mut impl ServerSide,
    clients: &mut impl ClientSide,
) -> anyhow::Result<()> {
    let settings = Settings { server: Identity::Rotating, ..Settings::ONE_WAY };
    let trusts_old = settings.write(certificates, "trusts-old")?;
    let trusts_new = Settings { trusts_other: true, ..settings }.write(certificates, "trusts-new")?;
    certificates.rotate_to(Identity::Server)?;
    let addr = server.start(settings.mode, &trusts_old).await?;
    clients.open("old", true, &trusts_old).await?;
    answered(clients.call("old", addr).await?)?;
    clients.open("too-early", true, &trusts_new).await?;
    refused(clients.call("too-early", addr).await?)?;

    certificates.rotate_to(Identity::UntrustedServer)?;
    server.reload().await?;
    after_reload(clients, addr).await?;
    clients.open("new", true, &trusts_new).await?;
    answered(clients.call("new", addr).await?)?;
    clients.open("too-late", true, &trusts_old).await?;
    refused(clients.call("too-late", addr).await?)?;
    after_reload(clients, addr).await?;
    server.stop().await
}

/// The old connection continues; a new connection would be rejected.
async fn after_reload(clients: &mut impl ClientSide, addr: SocketAddr) -> anyhow::Result<()> {
    answered(clients.call("old", addr).await?)
}

fn answered(called: Result<(), CallFailed>) -> anyhow::Result<()> {
    match called {
        Ok(()) => Ok(()),
        Err(CallFailed { why, .. }) => bail!("expected an answer, got: {why}"),
    }
}

fn refused(called: Result<(), CallFailed>) -> anyhow::Result<()> {
    match called {
        Ok(()) => bail!("expected to be refused, got an answer"),
        Err(CallFailed { timed_out: true, why }) => bail!("expected to be refused at once, got: {why}"),
        Err(CallFailed { timed_out: false, .. }) => Ok(()),
    }
}
