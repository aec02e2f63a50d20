//! A real SMTP server, aiosmtpd in a Python process, and the mail that it took.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;

use super::skip::{Extent, Missing, skip};

const SERVER: &str = include_str!("smtp_server.py");

/// A running mail server; dropping it ends it. Mail to `refused@…` is refused for good, to `busy@…` for now.
pub(crate) struct Smtp {
    process: Child,
    port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
}

/// A message as a mail program shows it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Mail {
    /// The sender of the envelope.
    pub(crate) from: String,
    /// The recipients of the envelope.
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// By name in small letters.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Mail {
    /// The addresses in its text.
    pub(crate) fn links(&self) -> Vec<&str> {
        let ends = |sign: char| sign.is_whitespace() || "<>\"，。（）】".contains(sign);
        let begins = |word: &str| word.find("http://").or_else(|| word.find("https://"));
        self.text.split(ends).filter_map(|word| Some(&word[begins(word)?..])).collect()
    }
}

impl Smtp {
    /// Starts a server on a free port, or skips the test.
    pub(crate) fn start() -> Option<Self> {
        Self::start_at(0)
    }

    /// Starts a server on a certain port, where one was missing until now.
    pub(crate) fn start_at(port: u16) -> Option<Self> {
        // The module comes with the system's Python; another one on the PATH does not have it.
        let python = ["/usr/bin/python3", "python3"].into_iter().find(|it| Path::new(it).exists()).unwrap_or("python3");
        let started = Command::new(python)
            .args(["-c", SERVER, &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let lines = started.map(|mut process| {
            let lines = BufReader::new(process.stdout.take().unwrap()).lines();
            (process, lines.map_while(Result::ok))
        });
        let first = lines.map(|(process, mut lines)| (process, lines.next().and_then(|line| line.parse().ok()), lines));
        let Ok((process, Some(port), lines)) = first else {
            skip(Extent::Whole, Missing::Program, "no mail server (python3-aiosmtpd)");
            return None;
        };
        let mails = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&mails);
        std::thread::spawn(move || {
            for line in lines {
                taken.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Some(Self { process, port, mails })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Every message so far, in the order of arrival.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Waits for a message to this person whose subject holds these words.
    pub(crate) async fn wait_for(&self, to: &str, subject: &str) -> Mail {
        let arrived = async {
            loop {
                let fits = |mail: &Mail| mail.to.iter().any(|it| it == to) && mail.subject.contains(subject);
                if let Some(mail) = self.mails().into_iter().rev().find(fits) {
                    break mail;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), arrived).await.unwrap_or_else(|_| {
            let subjects: Vec<_> = self.mails().into_iter().map(|mail| (mail.to, mail.subject)).collect();
            panic!("no mail {subject:?} to {to} came, only {subjects:#?}")
        })
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
