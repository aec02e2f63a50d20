//! Figures of the product, one line each: `bench: NAME VALUE UNIT`.
//!
//! A decision is what an approver does to a contract: the shipped sales workflow over the shipped service contract, of which the
//! department's manager, legal, finance and the general manager each take one. Everything is written through the actions of the
//! rooms, on the disk that the build folder is on. Words behind the command choose parts: `rules`, `disk`, `limit`, `engine`, `http`, `postgres`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a figure that cannot be taken stops the run")]

mod client;
mod company;
mod disk;
mod engine;
mod figures;
mod http;
mod limit;
mod places;
mod rules;

use figures::figure;
use places::Place;

/// The allocator of the program, `src/main.rs`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Callers at once.
const CALLERS: [usize; 3] = [1, 16, 64];

/// How much is measured: contracts for each number of callers, of which each gives four decisions.
struct Extent {
    engine: [usize; 3],
    http: [usize; 3],
    limit: usize,
}

impl Extent {
    /// `QIYUE_BENCH=short` shows that everything runs; its figures say little.
    fn chosen() -> Self {
        if std::env::var("QIYUE_BENCH").is_ok_and(|extent| extent == "short") {
            Self { engine: [20, 64, 128], http: [10, 32, 64], limit: 128 }
        } else {
            Self { engine: [400, 1500, 4000], http: [300, 1200, 3000], limit: 4000 }
        }
    }
}

/// What can be measured alone.
const PARTS: [&str; 6] = ["rules", "disk", "limit", "engine", "http", "postgres"];

/// The parts that are named; all where none is. Cargo adds words that begin with a dash.
fn chosen() -> Vec<String> {
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let unknown = named.iter().find(|word| !PARTS.contains(&word.as_str()));
    assert!(unknown.is_none(), "{unknown:?} is none of {PARTS:?}");
    if named.is_empty() { PARTS.map(str::to_owned).to_vec() } else { named }
}

fn main() {
    let parts = chosen();
    let wanted = |part: &str| parts.iter().any(|named| named == part);
    let extent = Extent::chosen();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if wanted("rules") {
        rules::measure();
    }
    runtime.block_on(async {
        if wanted("disk") {
            figure("fdatasync_per_s", disk::syncs_per_second(), "1/s");
        }
        if wanted("limit") {
            limit::measure(extent.limit).await;
        }
        if wanted("engine") {
            engine::measure(&Place::sqlite(), "engine", extent.engine).await;
        }
        if wanted("http") {
            http::measure(&Place::sqlite(), "http_sqlite", extent.http, true).await;
        }
        if !wanted("postgres") {
            return;
        }
        let Some(place) = Place::postgres("engine").await else {
            eprintln!("QIYUE_TEST_POSTGRES names no server: the figures of PostgreSQL are left out");
            return;
        };
        engine::measure(&place, "engine_postgres", extent.engine).await;
        place.leave().await;
        let place = Place::postgres("http").await.expect("the server is still there");
        http::measure(&place, "http_postgres", extent.http, false).await;
        place.leave().await;
    });
}
