//! Style sheets, scripts and icons: embedded in the binary, named by their content, cached for ever.
//!
//! The address of a file carries the hash of its bytes (`/assets/1f3a…/qiyue.css`), so that a new release never meets an
//! old file in somebody's cache, and browsers never ask twice.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/web/assets/"]
struct Files;

/// Where assets are served.
const ROUTE: &str = "/assets/{hash}/{*name}";

/// How many hex digits of the hash stand in an address: enough to tell two releases apart.
const DIGITS: usize = 16;

/// Serves what is embedded; needs no state.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    axum::Router::new().route(ROUTE, get(serve))
}

/// The address of an embedded file, or `None` when there is no such file.
#[must_use]
pub(super) fn address(name: &str) -> Option<String> {
    let file = Files::get(name)?;
    Some(format!("/assets/{}/{name}", digits(&file)))
}

/// What stands inside `<svg>` of each icon, by name.
#[must_use]
pub(super) fn icons() -> BTreeMap<String, String> {
    let text = Files::get("vendor/icons/outline.tsv").map(|file| file.data.into_owned()).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, inner)| (name.to_owned(), inner.to_owned()))
        .collect()
}

async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let Some(file) = Files::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    // An old page may still ask for the file of an earlier release: it gets today's, but must not keep it.
    let caching = if hash == digits(&file) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind =
        HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(caching))];
    (headers, file.data).into_response()
}

fn digits(file: &rust_embed::EmbeddedFile) -> String {
    let mut hash = hex::encode(file.metadata.sha256_hash());
    hash.truncate(DIGITS);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_content() {
        let address = address("qiyue.css").unwrap();
        assert!(address.starts_with("/assets/") && address.ends_with("/qiyue.css"), "{address}");
        assert_eq!(address.split('/').nth(2).map(str::len), Some(DIGITS));
    }

    #[test]
    fn a_file_that_does_not_exist_has_no_address() {
        assert_eq!(address("nothing.css"), None);
    }

    #[test]
    fn icons_are_drawings() {
        let icons = icons();
        assert!(icons.len() > 100);
        assert!(icons.values().all(|inner| inner.starts_with('<') && inner.ends_with('>')));
    }

    #[test]
    fn vendored_styles_load_nothing_from_elsewhere() {
        let css = Files::get("vendor/tabler/tabler.min.css").unwrap();
        let css = String::from_utf8_lossy(&css.data).into_owned();
        assert!(!css.contains("@import"));
        assert!(css.split("url(").skip(1).all(|rest| rest.trim_start_matches(['"', '\'']).starts_with("data:")));
    }
}
