//! Every address there is.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::ask::Ask;
use crate::problem::Problem;
use crate::room::answer;
use crate::{Site, assets, finder, form, guard, page};

/// Longest form, in bytes: a pasted document is one field of it.
pub(crate) const LONGEST_FORM: usize = 4 * 1024 * 1024;
/// Largest form with files, in bytes.
pub(crate) const LARGEST_UPLOAD: usize = 96 * 1024 * 1024;

/// The pages of a workspace.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(page::library::page))
        .route("/.json", get(page::library::page))
        .route("/library.json", get(page::library::page))
        .route("/search", get(page::search::page))
        .route("/search.json", get(page::search::page))
        .route("/search/save", post(page::search::save))
        .route("/people", get(page::listing::people))
        .route("/people.json", get(page::listing::people))
        .route("/proceedings", get(page::listing::proceedings))
        .route("/proceedings.json", get(page::listing::proceedings))
        .route("/documents", get(page::listing::documents))
        .route("/documents.json", get(page::listing::documents))
        .route(
            "/documents/add",
            get(form::upload::page).post(form::upload::send).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        )
        .route("/entity/{id}", get(page::entity::page))
        .route("/entity/{id}/claims", get(page::claims::page))
        .route("/entity/{id}/claims.json", get(page::claims::page))
        .route("/entity/{id}/history", get(page::history::page))
        .route("/entity/{id}/history.json", get(page::history::page))
        .route("/entity/{id}/add", get(form::claim::page).post(form::claim::send))
        .route("/entity/{id}/judge", get(form::judge::page).post(form::judge::send))
        .route("/claim/{id}", get(page::claim::page))
        .route("/claim/{id}/retract", get(form::act::retract).post(form::act::send_retract))
        .route("/claim/{id}/prefer", get(form::act::prefer).post(form::act::send_prefer))
        .route("/claim/{id}/assess", get(form::act::assess).post(form::act::send_assess))
        .route("/source/{id}", get(page::source::page))
        .route("/source/{id}/review", get(page::review::page).post(form::review::send))
        .route("/source/{id}/review.json", get(page::review::page))
        .route("/source/{id}/claim", get(form::select::page).post(form::select::send))
        .route("/review", get(page::reviews::page))
        .route("/review.json", get(page::reviews::page))
        .route("/lists", get(page::lists::page))
        .route("/lists.json", get(page::lists::page))
        .route(
            "/lists/add",
            get(form::bring::page).post(form::bring::send).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        )
        .route("/lists/add/{name}", get(form::bring::step).post(form::bring::go_on))
        .route("/lists/add/{name}/rows/{file}", get(form::bring::rows))
        .route("/lists/undo/{id}", get(form::unlist::page).post(form::unlist::send))
        .route("/lists/{which}", get(page::lists::one))
        .route("/estimate", get(page::estimate::page).post(page::estimate::own))
        .route("/estimate.json", get(page::estimate::page))
        .route("/same", get(page::same::list))
        .route("/same.json", get(page::same::list))
        .route("/same/groups", get(page::groups::page))
        .route("/same/groups.json", get(page::groups::page))
        .route("/same/several/{id}", get(page::same_several::page).post(form::several::send))
        .route("/same/undo/{entry}", post(form::several::undo))
        .route("/same/{a}/{b}", get(page::same_pair::page).post(form::same::send))
        .route("/figures", get(page::figure::list))
        .route("/figures.json", get(page::figure::list))
        .route("/figure/{name}", get(page::figure::page))
        .route("/figure/{name}/against/{count}", get(page::against::page))
        .route("/publications", get(page::publication::list))
        .route("/publications.json", get(page::publication::list))
        .route("/publication/{name}", get(page::publication::page))
        .route("/publication/{name}/letter.html", get(page::letter::standalone))
        .route("/publication/{name}/letter.pdf", get(page::letter::pdf))
        .route("/publication/{name}/release", post(page::publication::release))
        .route("/ledger", get(page::ledger::page))
        .route("/ledger.json", get(page::ledger::page))
        .route("/ledger/verify", post(page::ledger::verify))
        .route("/ledger/{number}", get(page::ledger::entry))
        .route("/add", get(form::incident::page).post(form::incident::send))
        .route("/view", get(page::view::page).post(page::view::choose))
        .route("/enter", get(page::enter::enter))
        .route("/leave", post(page::enter::leave))
        .route("/static/{name}", get(assets::serve))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(&site), finder::after_writes))
        .layer(CatchPanicLayer::new())
        // For slow lines. A page's length tells nothing to others: a strict cookie keeps other sites from asking for one.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&site), guard::guard))
        .with_state(site)
}

/// An address that is none: told as everything else that is not there, and only to those who are signed in.
async fn nothing_here(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    answer(site, ask, |_| Err(Problem::NotFound)).await
}
