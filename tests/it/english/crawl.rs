//! People who follow every link that they are shown, and what is wrong on the pages that they see.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, StatusCode, redirect};

use super::company::EnglishCompany;
use super::declared::DeclaredPage;
use crate::support::{PageForm, decoded, is_chinese, page_forms, without, without_documents};

/// So many addresses of one page does one person look at, where nothing else is said.
const OF_ONE_PAGE: usize = 40;

/// Somebody with a browser without pictures.
pub(crate) struct Reader {
    pub(crate) login: &'static str,
    pub(crate) address: String,
    /// What the links in mails begin with.
    pub(crate) public: String,
    pub(crate) cookie: String,
}

/// What was seen.
pub(crate) struct Crawl<'a> {
    declared: &'a [DeclaredPage],
    of_one_page: usize,
    seen: BTreeSet<&'a str>,
    chinese: Vec<String>,
    broken: Vec<String>,
    forms: Vec<ShownForm>,
}

/// A form that somebody was shown.
pub(crate) struct ShownForm {
    pub(crate) login: &'static str,
    pub(crate) form: PageForm,
}

impl<'a> Crawl<'a> {
    pub(crate) fn new(declared: &'a [DeclaredPage]) -> Self {
        let (seen, chinese, broken, forms) = (BTreeSet::new(), Vec::new(), Vec::new(), Vec::new());
        Self { declared, of_one_page: OF_ONE_PAGE, seen, chinese, broken, forms }
    }

    /// One that looks at fewer addresses of one page.
    pub(crate) fn quick(declared: &'a [DeclaredPage], of_one_page: usize) -> Self {
        Self { of_one_page, ..Self::new(declared) }
    }

    /// Every form of the pages that were seen.
    pub(crate) fn forms(self) -> Vec<ShownForm> {
        self.forms
    }

    /// From the first page on, and from these.
    pub(crate) async fn follow_every_link(&mut self, reader: &Reader, more: Vec<String>) {
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut often: BTreeMap<String, usize> = BTreeMap::new();
        let mut open: VecDeque<String> = std::iter::once("/".to_owned()).chain(more).collect();
        while let Some(address) = open.pop_front() {
            let path = address.split(['?', '#']).next().unwrap_or_default();
            let page = self.page_at(path);
            let kept = often.entry(page.map_or_else(|| path.to_owned(), |page| page.pattern.clone())).or_default();
            *kept += 1;
            if *kept > self.of_one_page {
                continue;
            }
            let links = self.look(reader, &address).await;
            // What was published before is Chinese.
            let current = links.into_iter().filter(|link| !link.contains("?version="));
            open.extend(current.filter(|link| known.insert(link.clone())));
        }
    }

    /// The pages of somebody who is not signed in.
    pub(crate) async fn see_as_a_stranger(&mut self, company: &EnglishCompany) {
        let stranger = Reader { login: "stranger", cookie: String::new(), ..company.reader("admin").await };
        for address in ["/login", "/", "/a/no-such-link"] {
            self.look(&stranger, address).await;
        }
        let newcomer = company.newcomer().await;
        for address in ["/first-login", "/settings"] {
            self.look(&newcomer, address).await;
        }
    }

    pub(super) fn saw(&self, page: &DeclaredPage) -> bool {
        self.seen.contains(page.pattern.as_str())
    }

    pub(super) fn chinese(&self) -> String {
        self.chinese.join("\n")
    }

    pub(super) fn broken(&self) -> String {
        self.broken.join("\n")
    }

    fn page_at(&self, path: &str) -> Option<&'a DeclaredPage> {
        self.declared.iter().find(|page| page.is_at(path))
    }

    /// Opens an address, and says where its links lead.
    async fn look(&mut self, reader: &Reader, address: &str) -> Vec<String> {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let request = client.get(format!("{}{address}", reader.address)).header("cookie", &reader.cookie);
        let answer = request.header("accept-language", "en").send().await.unwrap();
        if let Some(page) = self.page_at(address.split(['?', '#']).next().unwrap_or_default()) {
            self.seen.insert(&page.pattern);
        }
        let status = answer.status();
        if status.is_redirection() {
            let to = answer.headers()[LOCATION].to_str().unwrap().to_owned();
            return if reader.cookie.is_empty() { Vec::new() } else { vec![to] };
        }
        // A program without PDF output says so.
        let without_pdf = address.split('.').next_back() == Some("pdf") && status == StatusCode::SERVICE_UNAVAILABLE;
        let refused = status.is_client_error() || status.is_server_error();
        if refused && !without_pdf && !reader.cookie.is_empty() {
            self.broken.push(format!("{} at {address}: {status}", reader.login));
        }
        let is_page =
            answer.headers().get(CONTENT_TYPE).is_some_and(|it| it.to_str().unwrap().starts_with("text/html"));
        if !is_page {
            return Vec::new();
        }
        let html = decoded(&answer.text().await.unwrap());
        self.forms.extend(page_forms(&html, address).into_iter().map(|form| ShownForm { login: reader.login, form }));
        self.chinese.extend(chinese(&html).map(|found| format!("{} at {address}: {found}", reader.login)));
        links(&html, &reader.public)
    }
}

/// Where the links of a page lead, within the program.
fn links(html: &str, public: &str) -> Vec<String> {
    let starts = ["href=\"", "src=\"", "hx-get=\""].into_iter().flat_map(|start| html.split(start).skip(1));
    let links = starts.map(|rest| rest.split('"').next().unwrap_or_default());
    let ours = links.map(|link| link.strip_prefix(public).unwrap_or(link));
    let led_to = ours.filter(|link| link.starts_with('/') && !link.starts_with("/assets/"));
    led_to.map(|link| link.split('#').next().unwrap_or_default().to_owned()).collect()
}

/// What is Chinese on a page, with what stands around it; documents and data apart.
fn chinese(html: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = without_data(html).chars().collect();
    let begins = |at: &usize| is_chinese(letters[*at]) && (*at == 0 || !is_chinese(letters[at - 1]));
    let around = |at: usize| letters[at.saturating_sub(60)..(at + 40).min(letters.len())].iter().collect::<String>();
    let found: Vec<String> = (0..letters.len()).filter(begins).map(|at| around(at).replace('\n', " ")).collect();
    found.into_iter()
}

fn without_data(html: &str) -> String {
    let mut text = without_documents(html);
    // Chinese names of roles and choices, where they are written down.
    for field in ["title_zh", "label_zh"] {
        text = without(&text, &format!("name=\"{field}\""), ">");
    }
    // Words of the workflow language that forms send as they are, codes and the titles of supplements.
    let words = ["公章", "合同专用章", "财务专用章", "法定代表人章"].map(|word| format!("value=\"{word}\""));
    let codes = ["类-", "》补充协议", "》解除协议", "《", "-补"].map(str::to_owned);
    let text = words.iter().chain(&codes).fold(text, |text, known| text.replace(known.as_str(), ""));
    // Clauses are called by the heading that stands in the document.
    let headings = ["一", "二", "三", "四", "五"].map(|number| format!("第{number}条\u{3000}"));
    headings.iter().fold(text, |text, heading| text.replace(heading.as_str(), ""))
}
