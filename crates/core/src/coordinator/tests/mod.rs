//! Projects under one coordinator, under paused time.

mod churn;
mod projects;
mod shutdown;
