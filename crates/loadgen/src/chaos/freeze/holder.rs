//! Clients in a process of their own.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::SocketAddr;

use collabd_protocol::Encoding;
use tokio::task::JoinSet;

use super::stage::{FIRST_HELD, PROJECT};
use crate::failure::Failure;
use crate::storm::Member;
use crate::wire::{Place, Target, Wire};

/// Where they are at first, and once they are back.
pub(super) const HELD: u32 = 1;
pub(super) const BACK: u32 = 2;
/// What is printed when all are in.
const IN: &str = "in";

/// Lets `members` in, waits until each is sent away, lets them in again and stays until the end of the process. What happens
/// is printed, a line for each step.
///
/// # Errors
/// [`Failure`] when somebody does not get in.
pub async fn hold(address: SocketAddr, members: u32) -> Result<(), Failure> {
    let target = Target { address, pid: None, wire: Wire::Collabd(Encoding::Compact) };
    let mut ends = JoinSet::new();
    for member in enter(target, members, HELD).await? {
        ends.spawn(member.farewell());
    }
    say(IN);
    let mut codes: BTreeMap<String, u32> = BTreeMap::new();
    for farewell in ends.join_all().await {
        let code = farewell.code.map_or_else(|| "no code".to_owned(), |code| code.to_string());
        *codes.entry(code).or_default() += 1;
    }
    say(&codes.iter().map(|(code, count)| format!("{count} x {code}")).collect::<Vec<_>>().join(", "));
    let mut ends = JoinSet::new();
    for member in enter(target, members, BACK).await? {
        ends.spawn(member.farewell());
    }
    say(IN);
    ends.join_all().await;
    Ok(())
}

async fn enter(target: Target, members: u32, step: u32) -> Result<Vec<Member>, Failure> {
    let mut all = Vec::new();
    for number in 0..members {
        let place = Place { project: PROJECT, member: FIRST_HELD + number };
        let entry = Member::enter(target, place, step).await;
        all.push(
            entry.map_err(|source| Failure::Entry { who: "one who is held".to_owned(), source })?.member,
        );
    }
    Ok(all)
}

fn say(line: &str) {
    // Nobody may be there to read it.
    let _ = writeln!(io::stdout(), "{line}");
}
