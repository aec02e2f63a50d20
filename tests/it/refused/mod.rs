//! What is refused, through the surface where people meet it: a clear sentence in their language, and nothing stored.

mod busy;
mod commands;
mod decisions;
mod every_call;
mod every_form;
mod forms;
mod gone;
mod idempotency;
mod json;
mod mail;
mod publishing;
mod said;
mod tokens;
mod uploads;

use qiyue::db::{DatabaseUrl, Db};

use crate::support::{Program, Reader, Stored, TestApp, TestDatabase, on_both_fresh, stored};

/// Where an installation keeps everything.
struct Kept(DatabaseUrl);

impl Kept {
    async fn stored(&self) -> Stored {
        stored(&self.0).await
    }
}

/// Runs a test on both engines, with what tells whether anything was stored.
async fn on_both_kept(test: impl AsyncFn(Db, &Kept)) {
    on_both_fresh(async |database: &TestDatabase| {
        let db = Db::open(&database.url).await.unwrap();
        db.migrate().await.unwrap();
        test(db, &Kept(database.url.clone())).await;
    })
    .await;
}

/// A program that acts for the administrator.
async fn program(app: &TestApp) -> Program<'_> {
    let program = Program::of(&Reader::admin(app).await).await;
    // When it was first used is written down.
    assert_eq!(program.get("/me").await.0, 200);
    program
}
