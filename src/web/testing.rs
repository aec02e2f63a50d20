//! For the unit tests of rooms: a kit without people, and the check that every page passes.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use axum::routing::get;
use tower::ServiceExt as _;

use super::{Error, Events, Kit, Page, People, Person, Settings, Visit};
use crate::db::{DatabaseUrl, Db};
use crate::i18n::Lang;
use crate::kernel::time::zone;
use crate::kernel::{Clock, ManualClock, SeededRandom, Token, UserId};

/// One person, Zhang, known by every token.
struct Somebody;

#[async_trait]
impl People for Somebody {
    async fn by_session(&self, _: &Token) -> Result<Option<Person>, Error> {
        Ok(Some(zhang()))
    }

    async fn by_api_token(&self, _: &Token) -> Result<Option<Person>, Error> {
        Ok(Some(zhang()))
    }

    async fn choose_language(&self, _: &Person, _: Lang) -> Result<(), Error> {
        Ok(())
    }
}

fn zhang() -> Person {
    Person {
        user: UserId::new(1),
        name: "Zhang".into(),
        note: "Sales".into(),
        lang: None,
        powers: ["admin".to_owned()].into(),
        first: None,
        proof: Arc::new(()),
    }
}

/// A kit that knows one person, on an empty database.
pub(crate) async fn kit(nav: Vec<super::NavEntry>) -> TestKit {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&DatabaseUrl::in_folder(folder.path())).await.unwrap();
    db.migrate().await.unwrap();
    let clock = Arc::new(ManualClock::at("2026-03-01T10:00:00Z".parse().unwrap()));
    let kit = Kit::new(Settings {
        db,
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(SeededRandom::new(1)),
        people: Arc::new(Somebody),
        nav,
        menu: Vec::new(),
        bell: None,
        search: None,
        zone: zone("Asia/Shanghai"),
        secure: false,
        events: Events::default(),
    });
    TestKit { kit: kit.unwrap(), clock, _folder: folder }
}

/// A kit whose database goes with it.
pub(crate) struct TestKit {
    kit: Kit,
    clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

impl TestKit {
    /// Lets time pass.
    pub(crate) fn move_clock(&self, span: Duration) {
        self.clock.advance(span);
    }
}

impl Deref for TestKit {
    type Target = Kit;

    fn deref(&self) -> &Kit {
        &self.kit
    }
}

/// The cookie of a session that the kit of the tests accepts.
pub(crate) fn session_cookie() -> String {
    format!("{}={}", super::session::SESSION, Token::new(&SeededRandom::new(2)).reveal())
}

/// Renders a page with its sample in both languages, for a visitor and for somebody logged in. The sample must hold no
/// Chinese, since no Chinese character may stand on the English page.
pub(crate) async fn renders<P: Page + Clone + Send + Sync + 'static>(sample: P) {
    let shown = get(move |visit: Visit| {
        let sample = sample.clone();
        async move { visit.page(&sample) }
    });
    let kit = kit(Vec::new()).await;
    let app = kit.wrap(axum::Router::new().route("/", shown));
    for lang in Lang::ALL {
        for cookie in [String::new(), session_cookie()] {
            let request = Request::get("/").header(header::ACCEPT_LANGUAGE, lang.tag()).header(header::COOKIE, cookie);
            let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), 200, "{} in {lang:?}", P::TEMPLATE);
            let html = body(response).await;
            let foreign: String = html.chars().filter(|letter| is_chinese(*letter)).collect();
            assert!(lang == Lang::Zh || foreign.is_empty(), "{}: Chinese on the English page: {foreign}", P::TEMPLATE);
        }
    }
}

/// The body of an answer as text.
pub(crate) async fn body(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}
