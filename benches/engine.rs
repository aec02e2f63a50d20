//! Decisions of the engine with its store, in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use qiyue::kernel::Stopwatch;

use crate::CALLERS;
use crate::company::{Company, WAY, Waiting};
use crate::figures::Run;
use crate::places::Place;

pub(crate) async fn measure(place: &Place, prefix: &str, contracts: [usize; 3]) {
    let company = Arc::new(Company::found(place).await);
    for (callers, contracts) in CALLERS.into_iter().zip(contracts) {
        let waiting = company.waiting(contracts).await;
        decide_all(&company, callers, waiting).await.write(prefix, callers);
    }
}

/// Each caller takes a contract, has all its approvers decide, and takes the next.
async fn decide_all(company: &Arc<Company>, callers: usize, waiting: Vec<Waiting>) -> Run {
    let (waiting, next) = (Arc::new(waiting), Arc::new(AtomicUsize::new(0)));
    let watch = Stopwatch::start();
    let caller = |_| {
        let (company, waiting, next) = (Arc::clone(company), Arc::clone(&waiting), Arc::clone(&next));
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while let Some(one) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                for step in WAY {
                    let call = Stopwatch::start();
                    company.app.approvals().act(company.ask(*one, step)).await.unwrap();
                    latencies.push(call.elapsed());
                }
            }
            latencies
        })
    };
    let callers: Vec<_> = (0..callers).map(caller).collect();
    let mut latencies = Vec::new();
    for caller in callers {
        latencies.extend(caller.await.unwrap());
    }
    Run { took: watch.elapsed(), latencies }
}
