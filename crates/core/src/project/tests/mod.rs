//! One project's actor, under paused time.

mod departures;
mod ends;
mod joins;
mod observers;
mod overload;
mod panics;
