//! x
use crate::app::App;
use axum::Router;
pub(crate) fn router(_app: &App) -> Router<App> {
    Router::new()
}
