//! The kit for pages and APIs: layout, session, forms, errors, assets.
