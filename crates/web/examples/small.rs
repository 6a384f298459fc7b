//! Serves a small workspace in a temporary folder, to look at the pages: `cargo run --release -p web --example small -- 127.0.0.1:7071`

#[path = "../tests/small/mod.rs"]
mod small;

use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".into());
    let folder = tempfile::tempdir()?;
    let workspace = small::open(folder.path());
    small::fill(&workspace);
    let site = Arc::new(web::Site::new(Arc::new(workspace)));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let base = format!("http://{}", listener.local_addr()?);
    println!("{}", site.sign_in_link(&base)?);
    web::serve(site, listener, std::future::pending()).await?;
    Ok(())
}
