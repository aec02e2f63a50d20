//! Addresses are types: a handler never formats a path, and a link that lost its page does not compile.

use std::fmt::{self, Display, Write as _};

use axum::extract::{FromRequestParts as _, Path};
use axum::http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;

use super::Error;

/// An address of ours: the pattern for the router and, through [`Display`], the address for a link.
pub trait Address: Display {
    /// What the router matches, `/customers/{id}`.
    const PATTERN: &'static str;

    /// The address with what stands behind its question mark: filters, sorting, the page of a list.
    fn with_query(&self, query: &impl Serialize) -> Result<String, serde_html_form::ser::Error> {
        let query = serde_html_form::to_string(query)?;
        Ok(if query.is_empty() { self.to_string() } else { format!("{self}?{query}") })
    }
}

/// Writes `pattern` with the values in place of `{name}` and `{*name}`, percent-encoded; used by [`crate::paths!`].
#[doc(hidden)]
pub fn fill(out: &mut fmt::Formatter<'_>, pattern: &str, values: &[(&str, &dyn Display)]) -> fmt::Result {
    for segment in pattern.split('/').skip(1) {
        out.write_char('/')?;
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            out.write_str(segment)?;
            continue;
        };
        let (name, keep_slashes) = name.strip_prefix('*').map_or((name, false), |name| (name, true));
        let value = values.iter().find(|(known, _)| *known == name).ok_or(fmt::Error)?.1;
        encode(out, &value.to_string(), keep_slashes)?;
    }
    Ok(())
}

fn encode(out: &mut fmt::Formatter<'_>, text: &str, keep_slashes: bool) -> fmt::Result {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.write_char(char::from(byte))?,
            b'/' if keep_slashes => out.write_char('/')?,
            _ => write!(out, "%{byte:02X}")?,
        }
    }
    Ok(())
}

/// Reads the values of an address; one that does not parse leads nowhere. Used by [`crate::paths!`].
#[doc(hidden)]
pub async fn extract<T, S>(parts: &mut Parts, state: &S, pattern: &str) -> Result<T, Error>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    if !pattern.contains('{') {
        let nothing = MapDeserializer::<_, serde::de::value::Error>::new(std::iter::empty::<(&str, &str)>());
        return T::deserialize(nothing).map_err(|_| Error::not_found());
    }
    Path::from_request_parts(parts, state).await.map(|Path(address)| address).map_err(|_| Error::not_found())
}

/// Declares addresses: a struct each, which is also an extractor of its own values.
///
/// ```
/// qiyue::paths! {
///     /// The list of customers.
///     pub CustomersPath = "/customers" {}
///     /// The page of one customer.
///     pub CustomerPath = "/customers/{id}" { id: i64 }
/// }
/// use qiyue::web::Address;
/// assert_eq!(CustomerPath::PATTERN, "/customers/{id}");
/// assert_eq!(CustomerPath { id: 7 }.to_string(), "/customers/7");
/// ```
#[macro_export]
macro_rules! paths {
    ($($(#[$about:meta])* $seen:vis $name:ident = $pattern:literal { $($field:ident : $kind:ty),* $(,)? })+) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
        $seen struct $name {
            $(
                #[doc = concat!("The `", stringify!($field), "` of the address.")]
                $seen $field: $kind
            ),*
        }

        impl $crate::web::Address for $name {
            const PATTERN: &'static str = $pattern;
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::web::paths::fill(out, $pattern, &[$((stringify!($field), &self.$field)),*])
            }
        }

        impl<S: Send + Sync> axum::extract::FromRequestParts<S> for $name {
            type Rejection = $crate::web::Error;

            async fn from_request_parts(
                parts: &mut axum::http::request::Parts,
                state: &S,
            ) -> Result<Self, Self::Rejection> {
                $crate::web::paths::extract(parts, state, $pattern).await
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::Address;

    crate::paths! {
        ListPath = "/files" {}
        FilePath = "/files/{name}/parts/{part}" { name: String, part: i64 }
        TreePath = "/tree/{*rest}" { rest: String }
    }

    #[test]
    fn values_are_percent_encoded() {
        let path = FilePath { name: "合同 a/b?.pdf".into(), part: 3 };
        assert_eq!(path.to_string(), "/files/%E5%90%88%E5%90%8C%20a%2Fb%3F.pdf/parts/3");
    }

    #[test]
    fn a_rest_keeps_its_slashes() {
        assert_eq!(TreePath { rest: "a/b c".into() }.to_string(), "/tree/a/b%20c");
    }

    #[test]
    fn a_query_follows_only_when_there_is_one() {
        #[derive(serde::Serialize)]
        struct Filter {
            #[serde(skip_serializing_if = "Option::is_none")]
            text: Option<&'static str>,
        }
        assert_eq!(ListPath {}.with_query(&Filter { text: None }).unwrap(), "/files");
        assert_eq!(ListPath {}.with_query(&Filter { text: Some("a b") }).unwrap(), "/files?text=a+b");
    }
}
