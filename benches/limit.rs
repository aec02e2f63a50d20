//! The limit: the statements that decisions run, with their very bytes, written by hand.
//!
//! The statements are recorded from real decisions on one database and run again on a copy of it, as it was before them: by one thread
//! that does nothing else, over rusqlite with the settings of the product, 64 decisions a commit, which is as many as 64 callers can
//! have on their way. What the product does beside them (reading what to decide on, deciding, queueing, answering) costs nothing here.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use qiyue::approval::Ready;
use qiyue::db::{Conn, STATEMENT_CACHE, Statement, WRITER_SETTINGS};
use qiyue::kernel::Stopwatch;
use rusqlite::{Connection, params_from_iter};

use crate::company::{Company, WAY, Waiting};
use crate::figures::{figure, per_second};
use crate::places::Place;

const CALLERS: usize = 64;

pub(crate) async fn measure(contracts: usize) {
    let place = Place::sqlite();
    let company = Company::found(&place).await;
    let waiting = company.waiting(contracts).await;
    let copy = place.folder().join("copy.db");
    let file = place.folder().join("qiyue.db");
    Connection::open(&file).unwrap().execute("VACUUM INTO ?1", [copy.display().to_string()]).unwrap();

    let decisions = recorded(&company, &waiting).await;
    let statements = decisions.iter().map(Vec::len).sum::<usize>() / decisions.len();
    let took = run(&copy, &decisions);
    same(&file, &copy);
    figure("limit_decisions_per_s_64", per_second(decisions.len(), took), "1/s");
    figure("statements_per_decision", statements, "1");
}

/// What each decision runs, in the order in which 64 callers would send them.
async fn recorded(company: &Company, waiting: &[Waiting]) -> Vec<Vec<Statement>> {
    let mut decisions = Vec::new();
    for together in waiting.chunks(CALLERS) {
        for step in WAY {
            for one in together {
                let ready = company.app.approvals().prepare(&company.ask(*one, step)).await.unwrap();
                let Ready::ToStore(prepared) = ready else { panic!("a decision is stored") };
                let unit = async move |c: &mut Conn<'_>| {
                    c.record();
                    prepared.store(c).await.map(|_| c.recorded())
                };
                decisions.push(company.db.write_compared(unit).await.unwrap());
            }
        }
    }
    decisions
}

fn run(file: &Path, decisions: &[Vec<Statement>]) -> Duration {
    let mut texts: HashMap<&str, String> = HashMap::new();
    for statement in decisions.iter().flatten() {
        // By place instead of by name, as one would write it by hand.
        texts.entry(&statement.sql).or_insert_with(|| statement.sql.replace('$', "?"));
    }
    let connection = Connection::open(file).unwrap();
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    connection.execute_batch(WRITER_SETTINGS).unwrap();
    let watch = Stopwatch::start();
    for batch in decisions.chunks(CALLERS) {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for statement in batch.iter().flatten() {
            let mut prepared = connection.prepare_cached(&texts[statement.sql.as_str()]).unwrap();
            let mut rows = prepared.query(params_from_iter(&statement.parameters)).unwrap();
            while rows.next().unwrap().is_some() {}
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    watch.elapsed()
}

/// Written by hand, the cases stand where the product has put them.
fn same(product: &Path, by_hand: &Path) {
    let heads = |file: &Path| -> Vec<(i64, i64, Vec<u8>)> {
        let connection = Connection::open(file).unwrap();
        let mut statement = connection.prepare("SELECT id, seq, head FROM approval_case ORDER BY id").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert!(heads(product) == heads(by_hand), "the statements that were recorded are not all there are");
}
