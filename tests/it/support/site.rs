//! A router as a site that a browser or a program can visit.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

/// Serves it on a free port until the test ends; its address, without a slash at the end.
pub(crate) async fn serve(site: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let site = site.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async { axum::serve(listener, site).await });
    address
}

/// What a hidden field of a page holds, the first of that name.
pub(crate) fn hidden<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!(r#"name="{name}" value=""#))?;
    rest.split('"').next()
}
