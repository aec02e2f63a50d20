//! The one integration-test binary: support, then a file per subject.
