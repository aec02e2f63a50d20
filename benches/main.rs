//! Figures of the product, one line each: `bench: NAME VALUE UNIT`.

fn main() {}
