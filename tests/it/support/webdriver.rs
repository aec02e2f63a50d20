//! The WebDriver protocol as far as the tests need it: a chromedriver process and sessions of a real Chromium.
//! <https://www.w3.org/TR/webdriver2/>; `goog/cdp/execute` and `se/log` are chromedriver's own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

/// A browser takes a core; more at once only make each other miss their deadlines.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// The key of an element in WebDriver's JSON, the same everywhere.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

const ARGUMENTS: &[&str] = &[
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--force-prefers-reduced-motion",
    "--no-default-browser-check",
    "--no-first-run",
    // A page that asks for anything from elsewhere gets an error in its console.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/// A running chromedriver. Dropping it ends its browsers, even while a test panics.
pub(super) struct Driver {
    process: Child,
    port: u16,
    profiles: TempDir,
    _output: BufReader<ChildStdout>,
    _slot: SemaphorePermit<'static>,
}

impl Driver {
    /// Starts chromedriver on a port that it finds free; says what is missing if there is none.
    pub(super) async fn start() -> Result<Self, String> {
        let slot = SLOTS.acquire().await.unwrap();
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let profiles = tempfile::tempdir().unwrap();
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program} (chromium-driver) does not start: {error}"))?;
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let port = read_port(&mut output).ok_or_else(|| format!("{program} names no port"))?;
        Ok(Self { process, port, profiles, _output: output, _slot: slot })
    }

    /// Opens a Chromium of its own, with a profile that nobody has used.
    pub(super) async fn open(self: &Arc<Self>) -> Result<Session, Refusal> {
        let profile = tempfile::tempdir_in(self.profiles.path()).unwrap().keep();
        let mut arguments: Vec<_> = ARGUMENTS.iter().map(|it| (*it).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        if is_root() {
            arguments.push("--no-sandbox".to_owned());
        }
        let mut options = json!({ "args": arguments, "prefs": { "intl.accept_languages": "zh-CN,zh" } });
        if let Ok(chromium) = std::env::var("CHROMIUM") {
            options["binary"] = chromium.into();
        }
        let capabilities = json!({ "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let base = format!("http://127.0.0.1:{}/session", self.port);
        let mut session = Session { http: reqwest::Client::new(), base, driver: Arc::clone(self) };
        let opened = session.post("", json!({ "capabilities": { "alwaysMatch": capabilities } })).await?;
        session.base = format!("{}/{}", session.base, opened["sessionId"].as_str().unwrap());
        Ok(session)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // chromedriver ends the browsers it started, which its death alone would leave behind.
        if let Ok(mut connection) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = connection.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = connection.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            let _ = connection.read_to_end(&mut Vec::new());
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One browser window.
pub(super) struct Session {
    http: reqwest::Client,
    base: String,
    pub(super) driver: Arc<Driver>,
}

/// What WebDriver answers instead of a result.
#[derive(Debug)]
pub(super) struct Refusal {
    /// `no such element`, …
    pub(super) error: String,
    pub(super) message: String,
}

/// Something on the page.
pub(super) struct Element(String);

impl Session {
    /// Sends a command; `path` is what follows the session's address.
    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, Refusal> {
        let answer = self.http.post(format!("{}{path}", self.base)).json(&body).send().await.unwrap();
        let failed = !answer.status().is_success();
        let value = answer.json::<Value>().await.unwrap()["value"].take();
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        if failed { Err(Refusal { error: text("error"), message: text("message") }) } else { Ok(value) }
    }

    /// Runs the body of a JavaScript function in the page.
    pub(super) async fn run(&self, script: &str, arguments: Value) -> Result<Value, Refusal> {
        self.post("/execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// The element that a script returns.
    pub(super) async fn find(&self, script: &str, arguments: Value) -> Result<Option<Element>, Refusal> {
        let found = self.run(script, arguments).await?;
        Ok(found[ELEMENT].as_str().map(|id| Element(id.to_owned())))
    }

    /// `click`, `clear` or `value` on an element.
    pub(super) async fn act(&self, element: &Element, act: &str, body: Value) -> Result<Value, Refusal> {
        self.post(&format!("/element/{}/{act}", element.0), body).await
    }

    /// A command of the Chrome DevTools Protocol.
    pub(super) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await.unwrap()
    }
}

impl Element {
    /// The element as an argument of a script.
    pub(super) fn json(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

fn read_port(output: &mut BufReader<ChildStdout>) -> Option<u16> {
    output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
}

/// Chromium refuses its sandbox to root.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self").metadata().is_ok_and(|it| it.uid() == 0)
}
