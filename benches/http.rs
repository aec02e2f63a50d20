//! The program itself in a process of its own: decisions through its JSON interface, what it takes of memory and disk, and how
//! soon it answers.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use qiyue::db::DatabaseUrl;
use qiyue::kernel::Stopwatch;

use crate::CALLERS;
use crate::client::Client;
use crate::company::{Company, WAY, Waiting};
use crate::figures::{Run, figure};
use crate::places::Place;

/// Measures on one database; `whole` adds what is measured once: memory, disk and the start.
pub(crate) async fn measure(place: &Place, prefix: &str, contracts: [usize; 3], whole: bool) {
    let company = Company::found(place).await;
    let empty = place.bytes(&company.db).await;
    let mut loads = Vec::new();
    for count in contracts {
        loads.push(company.waiting(count).await);
    }
    let mut people = Vec::new();
    for (login, task) in WAY {
        people.push((task, company.token(login).await));
    }
    drop(company);

    let (server, started) = Server::start(place).await;
    if whole {
        figure("start_ms", started.as_millis(), "ms");
        tokio::time::sleep(Duration::from_secs(2)).await;
        figure("rss_idle_mb", server.resident_mb(), "MB");
    }
    let people = Arc::new(people);
    for (callers, waiting) in CALLERS.into_iter().zip(loads) {
        let load = Load { address: server.address, people: Arc::clone(&people), waiting: Arc::new(waiting) };
        load.decide_all(callers).await.write(prefix, callers);
    }
    if whole {
        figure("rss_loaded_mb", server.resident_mb(), "MB");
        drop(server);
        let db = qiyue::db::Db::open(&place.url).await.unwrap();
        let cases: usize = contracts.iter().sum();
        let grown = place.bytes(&db).await - empty;
        figure("bytes_per_case", grown / cases as u64, "B");
    }
}

/// The program, as it is installed.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts it, and how long it took to the first page.
    async fn start(place: &Place) -> (Self, Duration) {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
        command.arg("serve").arg("--data").arg(place.folder()).args(["--listen", &address.to_string()]);
        if let DatabaseUrl::Postgres(url) = &place.url {
            command.args(["--database", url]);
        }
        command.stdout(Stdio::null()).env("RUST_LOG", "error");
        let watch = Stopwatch::start();
        let server = Self { process: command.spawn().unwrap(), address };
        while !server.shows_a_page().await {
            assert!(watch.elapsed() < Duration::from_mins(1), "the server does not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        (server, watch.elapsed())
    }

    async fn shows_a_page(&self) -> bool {
        let Ok(mut client) = Client::connect(self.address).await else { return false };
        client.get("/login").await.is_ok_and(|(status, _)| status == 200)
    }

    /// Memory that is resident, as the kernel counts it.
    fn resident_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Contracts that wait, and who decides on them.
struct Load {
    address: SocketAddr,
    people: Arc<Vec<(u32, String)>>,
    waiting: Arc<Vec<Waiting>>,
}

impl Load {
    /// Each caller keeps one connection, takes a contract, has all its approvers decide, and takes the next.
    async fn decide_all(&self, callers: usize) -> Run {
        let next = Arc::new(AtomicUsize::new(0));
        let mut connections = Vec::new();
        for _ in 0..callers {
            connections.push(Client::connect(self.address).await.unwrap());
        }
        let watch = Stopwatch::start();
        let caller = |mut client: Client| {
            let (people, waiting, next) = (Arc::clone(&self.people), Arc::clone(&self.waiting), Arc::clone(&next));
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while let Some(one) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for (task, token) in people.iter() {
                        let call = Stopwatch::start();
                        approve(&mut client, *one, *task, token).await;
                        latencies.push(call.elapsed());
                    }
                }
                latencies
            })
        };
        let callers: Vec<_> = connections.into_iter().map(caller).collect();
        let mut latencies = Vec::new();
        for caller in callers {
            latencies.extend(caller.await.unwrap());
        }
        Run { took: watch.elapsed(), latencies }
    }
}

async fn approve(client: &mut Client, waiting: Waiting, task: u32, token: &str) {
    let Waiting { case, shown } = waiting;
    let path = format!("/api/v1/approvals/{case}/approve");
    let body = format!(r#"{{"task":{task},"content":"{shown}"}}"#);
    let (status, answer) = client.post(&path, token, &format!("{case}-{task}"), &body).await.unwrap();
    assert_eq!(status, 200, "{answer}");
}
