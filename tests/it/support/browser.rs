//! A person before a real Chromium, at a desk or with a phone.
//!
//! Every page that is opened must fit its width and leave the console without errors. Fields and buttons are named as people
//! name them: by the text they see. What is not there yet is waited for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};

use super::skip::{Extent, Missing, skip};
use super::webdriver::{Driver, Element, Session};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// The sizes that pages are made for, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Screen {
    /// 1280 × 900.
    Desktop,
    /// 375 × 667, as device metrics: a window cannot be that narrow.
    Phone,
}

/// One person's browser: a window with cookies of its own.
pub(crate) struct Browser {
    session: Session,
    width: u64,
}

/// Finds what can be pressed by the text on it: the whole text first, else a part of it.
const PRESSABLE: &str = r"
    const [wanted] = arguments;
    const tidy = text => (text || '').replace(/\s+/g, ' ').trim();
    const all = [...document.querySelectorAll(
        'a, button, summary, label, option, input[type=submit], input[type=button], [role=button], [role=tab], [role=menuitem]')]
        .filter(it => it.checkVisibility() && !it.disabled);
    const names = it => [it.innerText, it.value, it.ariaLabel].map(tidy);
    return all.find(it => names(it).includes(wanted)) || all.find(it => names(it)[0].includes(wanted)) || null;
";

/// Finds a field by its label, its name or a selector.
const FIELD: &str = r"
    const [wanted] = arguments;
    const tidy = text => (text || '').replace(/[\s*:：]+/g, ' ').trim();
    const label = [...document.querySelectorAll('label')].find(it => tidy(it.innerText) === tidy(wanted));
    if (label && label.control) return label.control;
    const named = [...document.querySelectorAll('input, select, textarea')]
        .find(it => it.type !== 'hidden' && (it.name === wanted || it.ariaLabel === wanted));
    if (named) return named;
    try { return document.querySelector(wanted); } catch { return null; }
";

impl Browser {
    /// A browser at a desk, or a skipped test: `let Some(browser) = Browser::desktop().await else { return };`
    pub(crate) async fn desktop() -> Option<Self> {
        Self::start(Screen::Desktop).await
    }

    /// A browser on a phone, or a skipped test.
    pub(crate) async fn phone() -> Option<Self> {
        Self::start(Screen::Phone).await
    }

    /// Whichever the test asks for, so that one story is told on both.
    pub(crate) async fn start(screen: Screen) -> Option<Self> {
        let opened = match Driver::start().await {
            Ok(driver) => Arc::new(driver).open().await.map_err(|refusal| refusal.message),
            Err(missing) => Err(missing),
        };
        match opened {
            Ok(session) => Some(Self::new(session, screen).await),
            Err(reason) => {
                skip(Extent::Whole, Missing::Program, reason.lines().next().unwrap_or("no browser"));
                None
            }
        }
    }

    /// Another person in the same test, with a browser of their own.
    pub(crate) async fn another(&self, screen: Screen) -> Self {
        Self::new(self.session.driver.open().await.unwrap(), screen).await
    }

    async fn new(session: Session, screen: Screen) -> Self {
        let (width, height, mobile) = match screen {
            Screen::Desktop => (1280, 900, false),
            Screen::Phone => (375, 667, true),
        };
        let scale = if mobile { 2 } else { 1 };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile });
        session.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        session.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": mobile })).await;
        Self { session, width }
    }

    /// Opens a page, which must fit and be quiet.
    pub(crate) async fn goto(&self, address: &str) {
        self.session.post("/url", json!({ "url": address })).await.unwrap();
        self.assert_sound().await;
    }

    /// Opens a page that answers with an error; the console may say so, and only that.
    pub(crate) async fn goto_refused(&self, address: &str, status: u16) {
        self.session.post("/url", json!({ "url": address })).await.unwrap();
        self.assert_refused(status).await;
    }

    /// The page says what was wrong with a form or an address: it fits, and the console says so and only that.
    pub(crate) async fn assert_refused(&self, status: u16) {
        let errors = self.console_errors().await;
        let said = format!("the server responded with a status of {status}");
        if errors.len() != 1 || !errors[0].contains(&said) {
            self.fail(&format!("expected {status}, but the console says {errors:#?}")).await;
        }
        if let Some(misfit) = self.misfit().await {
            self.fail(&misfit).await;
        }
    }

    /// The page fits its width and its console holds no errors.
    pub(crate) async fn assert_sound(&self) {
        if let Some(misfit) = self.misfit().await {
            self.fail(&misfit).await;
        }
        let errors = self.console_errors().await;
        if !errors.is_empty() {
            self.fail(&format!("errors in the console: {errors:#?}")).await;
        }
    }

    /// What is wrong with the width of the page, if anything: another inner width, or something to scroll sideways to.
    pub(crate) async fn misfit(&self) -> Option<String> {
        let script = r"
            const [width] = arguments, root = document.documentElement;
            if (innerWidth === width && root.scrollWidth <= width) return null;
            const wide = [...document.querySelectorAll('body *')]
                .filter(it => it.getBoundingClientRect().right > width + 1).slice(-3).map(it => it.outerHTML.slice(0, 120));
            return `innerWidth ${innerWidth}, scrollWidth ${root.scrollWidth}, expected ${width}; reaching out: ${wide.join(' ')}`;
        ";
        self.session.run(script, json!([self.width])).await.unwrap().as_str().map(str::to_owned)
    }

    /// The errors that the console got since it was last asked.
    pub(crate) async fn console_errors(&self) -> Vec<String> {
        let entries = self.session.post("/se/log", json!({ "type": "browser" })).await.unwrap();
        let errors = entries.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Presses the button, link, tab or choice with this text on it.
    pub(crate) async fn press(&self, text: &str) {
        self.act(PRESSABLE, text, "click", json!({})).await;
    }

    /// Clicks what a selector finds.
    pub(crate) async fn click(&self, selector: &str) {
        self.act("return document.querySelector(arguments[0])", selector, "click", json!({})).await;
    }

    /// Clicks what leads away, and waits until it has led there: a click returns before its page is left, and a page that is
    /// opened meanwhile would be left for the other.
    pub(crate) async fn leave_by(&self, selector: &str) {
        let here = self.address().await;
        self.click(selector).await;
        let away = "return location.href !== arguments[0] && document.readyState === 'complete' ? document.body : null";
        self.wait_for_element(away, &here).await;
    }

    /// Signs somebody in who did so before; the page for it is open.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) {
        self.fill("login", login).await;
        self.fill("password", password).await;
        self.leave_by("button.btn-primary").await;
    }

    /// Signs somebody in for the first time, with a password of their own from then on; the page for it is open.
    pub(crate) async fn sign_in_first(&self, login: &str, password: &str, own: &str, mobile: &str) {
        self.sign_in(login, password).await;
        self.wait_for("首次登录").await;
        self.fill("password", own).await;
        self.fill("repeat", own).await;
        self.fill("mobile", mobile).await;
        self.leave_by("button.btn-primary").await;
    }

    /// Replaces what stands in a field.
    pub(crate) async fn fill(&self, field: &str, text: &str) {
        let element = self.act(FIELD, field, "clear", json!({})).await;
        self.session.act(&element, "value", json!({ "text": text })).await.unwrap();
    }

    /// Puts a value into a date or a time field, which take keys in the order of the browser's language.
    pub(crate) async fn set(&self, field: &str, value: &str) {
        let element = self.wait_for_element(FIELD, field).await;
        let script = "const [it, value] = arguments; it.value = value;
            for (const name of ['input', 'change']) it.dispatchEvent(new Event(name, { bubbles: true }));";
        self.session.run(script, json!([element.json(), value])).await.unwrap();
    }

    /// Chooses an option of a list by its text.
    pub(crate) async fn choose(&self, field: &str, option: &str) {
        let list = self.wait_for_element(FIELD, field).await;
        let script = "return [...arguments[0].options].find(it => it.label.trim() === arguments[1]) || null";
        match self.session.find(script, json!([list.json(), option])).await.unwrap() {
            Some(choice) => drop(self.session.act(&choice, "click", json!({})).await.unwrap()),
            None => self.fail(&format!("{field:?} offers no {option:?}")).await,
        }
    }

    /// Puts a file into a file field.
    pub(crate) async fn upload(&self, field: &str, file: &Path) {
        let path = file.canonicalize().unwrap();
        self.act(FIELD, field, "value", json!({ "text": path.to_str().unwrap() })).await;
    }

    /// The text that people see in what the selector finds.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let element = self.wait_for_element("return document.querySelector(arguments[0])", selector).await;
        let text = self.session.run("return arguments[0].innerText", json!([element.json()])).await.unwrap();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Runs JavaScript in the page, for what no hand can do.
    pub(crate) async fn run_in_page(&self, script: &str) -> Value {
        self.session.run(script, json!([])).await.unwrap()
    }

    /// Where the browser is now.
    pub(crate) async fn address(&self) -> String {
        self.run_in_page("return location.href").await.as_str().unwrap().to_owned()
    }

    /// Waits until the page shows this text.
    pub(crate) async fn wait_for(&self, text: &str) {
        let script = "return document.body && document.body.innerText.includes(arguments[0]) ? document.body : null";
        self.wait_for_element(script, text).await;
    }

    /// Keeps a picture of the whole page for people to look at, in `screenshots/` of the target folder.
    pub(crate) async fn screenshot(&self, name: &str) -> PathBuf {
        // Bars that stick would stand in the middle of a page that is scrolled.
        drop(self.session.run("scrollTo(0, 0)", json!([])).await);
        let options = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.session.devtools("Page.captureScreenshot", options).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, bytes).unwrap();
        file
    }

    async fn wait_for_element(&self, script: &str, wanted: &str) -> Element {
        self.patiently(wanted, async || Ok(self.session.find(script, json!([wanted])).await.ok().flatten())).await
    }

    /// Finds something and acts on it, again while it is not there, moves or is covered.
    async fn act(&self, script: &str, wanted: &str, act: &str, body: Value) -> Element {
        let attempt = async || {
            let Ok(Some(element)) = self.session.find(script, json!([wanted])).await else { return Ok(None) };
            // A hand scrolls what it wants to press out from behind the bar at the foot of a phone.
            let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
            drop(self.session.run(scroll, json!([element.json()])).await);
            let done = self.session.act(&element, act, body.clone()).await;
            done.map(|_| Some(element)).map_err(|refusal| format!("{}: {}", refusal.error, refusal.message))
        };
        self.patiently(wanted, attempt).await
    }

    async fn patiently(&self, wanted: &str, attempt: impl AsyncFn() -> Result<Option<Element>, String>) -> Element {
        let mut last = String::new();
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                match attempt().await {
                    Ok(Some(element)) => break element,
                    Ok(None) => {}
                    Err(refusal) => last = refusal,
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
        match found.await {
            Ok(element) => element,
            Err(_) => self.fail(&format!("waited for {wanted:?} in vain. {last}")).await,
        }
    }

    /// Ends the test with a picture and the text of the page.
    async fn fail(&self, what: &str) -> ! {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let picture = self.screenshot(&format!("failed-{test}")).await;
        let text = self.session.run("return document.body ? document.body.innerText : ''", json!([])).await;
        let text = text.ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default();
        panic!("{what}\nat {}, see {}\n{text}", self.address().await, picture.display());
    }
}
