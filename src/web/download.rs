//! Bytes that a browser keeps or opens under a name.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

/// An answer with bytes; `shown` is `inline` where the browser may open them, `attachment` where it keeps them.
pub fn download(media: &str, shown: &str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition(shown, name))];
    (headers, bytes).into_response()
}

/// `inline; filename*=UTF-8''…`, RFC 6266.
pub fn disposition(kind: &str, name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(["%", &hex::encode_upper([byte])]);
        }
    }
    format!("{kind}; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_is_kept() {
        assert_eq!(disposition("inline", "执照 1.pdf"), "inline; filename*=UTF-8''%E6%89%A7%E7%85%A7%201.pdf");
    }
}
