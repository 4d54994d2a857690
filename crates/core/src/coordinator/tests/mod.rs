//! Projects under one coordinator, under paused time.

mod cancel;
mod churn;
mod projects;
mod shutdown;
