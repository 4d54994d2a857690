//! Leads witnesses, visitors and probers.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::plan::{Leave, Plan};
use super::probe::{Page, Prober};
use super::report::{Played, Report};
use super::visitor::{Shared, Visits, come_and_go, visit};
use super::witness::{Testimony, Witness};
use crate::failure::Failure;
use crate::http::HttpClient;
use crate::process::ProcessSample;
use crate::state::State;
use crate::tally::{Latency, Tally};
use crate::timeline::Timeline;
use crate::wire::Target;

/// Plays `plan`.
///
/// # Errors
/// [`Failure`] when a witness does not get in, or the server cannot be looked at. Sessions that fail are no error: the
/// report tells.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    if !target.wire.has_presence() {
        return Err(Failure::Unplayable(target.wire.name().to_owned()));
    }
    let tally = Arc::new(Tally::new().map_err(Failure::Histogram)?);
    let mut timeline = Timeline::new("churn", target.pid, Arc::clone(&tally));
    let shared = Arc::new(Shared::new(plan.clone(), *target, tally));
    let mut report = timeline.beside(play(shared)).await?;
    report.timeline = timeline.into_points();
    Ok(report)
}

async fn play(shared: Arc<Shared>) -> Result<Report, Failure> {
    let target = shared.target;
    let http = HttpClient::new(target.address);
    let mut health = Prober::new(http.clone(), Page::Health).map_err(Failure::Histogram)?;
    let mut graphql = Prober::new(http, Page::GraphQl).map_err(Failure::Histogram)?;
    let state = if shared.plan.is_alone {
        warm_up(&shared, &health, &graphql).await?;
        State::at_rest(&target).await?
    } else {
        None
    };
    let before = target.pid.map(ProcessSample::read).transpose()?;
    let over = watch::Sender::new(false);
    let mut witnesses = seat(&shared, &over).await?;

    let begun = Instant::now();
    let visits = tokio::select! {
        visits = receive(&shared) => visits?,
        () = async { tokio::join!(health.run(), graphql.run()); } => unreachable!("probers have no end of their own"),
    };
    let taken = begun.elapsed();
    over.send_replace(true);
    let mut testimony = Testimony::default();
    while let Some(one) = witnesses.join_next().await {
        let one = one?;
        testimony.verdict += one.verdict;
        testimony.lost = testimony.lost.or(one.lost);
    }
    let after = match state {
        Some(state) => state.again(&target).await?.map(|after| (state, after)),
        None => None,
    };
    Ok(Report::new(
        &shared.plan,
        Played {
            visits,
            taken,
            joins: Latency::of(&shared.tally.merged().map_err(Failure::Histogram)?),
            testimony,
            health: health.report().map_err(Failure::Histogram)?,
            graphql: graphql.report().map_err(Failure::Histogram)?,
            samples: before.zip(target.pid.and_then(|pid| ProcessSample::read(pid).ok())),
            states: after,
        },
    ))
}

/// What is opened for the first visitor and the first question, and kept, is not left by those who are measured.
async fn warm_up(shared: &Shared, health: &Prober, graphql: &Prober) -> Result<(), Failure> {
    let place = shared.plan.place(shared.plan.sessions);
    let first = come_and_go(&shared.target, place, Leave::InOrder, || ()).await;
    first.map_err(|source| Failure::Entry { who: "the first".to_owned(), source })?;
    // How they are answered under load is what is looked at.
    tokio::join!(health.ask(), graphql.ask());
    Ok(())
}

/// Lets every witness in.
async fn seat(shared: &Arc<Shared>, over: &watch::Sender<bool>) -> Result<JoinSet<Testimony>, Failure> {
    let mut witnesses = JoinSet::new();
    for place in shared.plan.witnesses() {
        let link = shared
            .target
            .open(place)
            .await
            .map_err(|source| Failure::Entry { who: "a witness".to_owned(), source })?;
        let witness = Witness { place, shared: Arc::clone(shared), link };
        witnesses.spawn(witness.run(over.subscribe()));
    }
    Ok(witnesses)
}

/// All sessions of all visitors.
async fn receive(shared: &Arc<Shared>) -> Result<Visits, Failure> {
    let mut visitors = JoinSet::new();
    for _ in 0..shared.plan.visitors.get() {
        visitors.spawn(visit(Arc::clone(shared)));
    }
    let mut all = Visits::default();
    while let Some(visits) = visitors.join_next().await {
        let visits = visits?;
        all.whole += visits.whole;
        for (reason, count) in visits.failures {
            *all.failures.entry(reason).or_default() += count;
        }
    }
    Ok(all)
}
