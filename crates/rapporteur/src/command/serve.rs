//! Serving the pages.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use workspace::Workspace;

use crate::arguments::{Common, Serve};
use crate::command::lists;
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, serve: &Serve) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let listen = serve.listen.unwrap_or_else(|| workspace.config().listen());
    on(workspace, listen, &serve.host)
}

/// Serves until interrupted.
pub fn on(workspace: Workspace, listen: SocketAddr, hosts: &[String]) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the server cannot start: {error}"), "see `rapporteur doctor`"))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(|error| {
            Failure::new(format!("cannot listen on {listen}: {error}"), "another program may have that port: choose one with --listen 127.0.0.1:0")
        })?;
        let address = listener.local_addr().map_err(|error| Failure::new(format!("the server has no address: {error}"), "try again"))?;
        let desk = open::desk(&workspace)?;
        let site = web::Site::new(Arc::new(workspace)).reading_with(open::readers()?).unpacking_with(lists::unpacker()?);
        let site = match desk {
            Some(desk) => site.proposing_with(desk),
            None => site,
        };
        let site = hosts.iter().fold(site, |site, host| site.answering_to(host));
        let link = site.sign_in_link(&format!("http://{address}")).map_err(web_failure)?;
        text::out(&format!("Serving on http://{address}. Sign in once with this link:\n\n    {link}\n\nStop with Ctrl-C."))?;
        if !address.ip().is_loopback() {
            eprintln!("Warning: this address can be reached from other machines, and nothing is encrypted on the way. Put a TLS proxy or a tunnel before it.");
        }
        web::serve(Arc::new(site), listener, interrupted()).await.map_err(web_failure)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn web_failure(error: web::Error) -> Failure {
    Failure::new(error.to_string(), "see `rapporteur doctor`")
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminated.recv() => {} }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
