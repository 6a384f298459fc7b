use std::sync::Arc; use axum::extract::{Path,State}; use axum::response::Response; use crate::{Site,ask::{Ask,Sent},room::answer,problem::Problem};
pub async fn list(State(site): State<Arc<Site>>, ask: Ask) -> Response { answer(site, ask, |_| Err(Problem::NotFound)).await }
pub async fn page(State(site): State<Arc<Site>>, Path(_n): Path<String>, ask: Ask) -> Response { answer(site, ask, |_| Err(Problem::NotFound)).await }
pub async fn release(State(site): State<Arc<Site>>, Path(_n): Path<String>, sent: Sent) -> Response { answer(site, sent.ask, |_| Err(Problem::NotFound)).await }
