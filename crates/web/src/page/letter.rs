use std::sync::Arc; use axum::extract::{Path,State}; use axum::response::Response; use crate::{Site,ask::Ask,room::answer,problem::Problem};
pub async fn standalone(State(site): State<Arc<Site>>, Path(_n): Path<String>, ask: Ask) -> Response { answer(site, ask, |_| Err(Problem::NotFound)).await }
pub async fn pdf(State(site): State<Arc<Site>>, Path(_n): Path<String>, ask: Ask) -> Response { answer(site, ask, |_| Err(Problem::NotFound)).await }
