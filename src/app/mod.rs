//! The only place that lists the rooms: routes, registry, the job loop.

mod background;
mod config;
mod demo;
mod error;
mod events;
mod health;
mod home;
mod offline;
mod reading;
mod rooms;
mod serve;

use std::sync::Arc;

use axum::Router;

use background::Background;

use crate::approval::Approvals;
use crate::contract::Contracts;
use crate::contract::fulfilment::Fulfilment;
use crate::crm::Crm;
use crate::db::Db;
use crate::kernel::{Clock, Random, time};
use crate::notify;
use crate::org::{self, Org};
use crate::settlement::Settlements;
use crate::web::{Events, Kit, Settings};

pub use config::Config;
pub use demo::{DemoPerson, PASSWORD as DEMO_PASSWORD};
pub use error::StartError;
pub use offline::Offline;
pub use reading::{Stored, bundle, impact, verify};
pub use rooms::schemas;
pub use serve::{Server, migrate};

/// The whole program behind one router. Tests build it on any database, clock and randomness.
pub struct App {
    /// Every route.
    pub router: Router,
    kit: Kit,
    rooms: rooms::Rooms,
    background: Background,
}

/// What an [`App`] stands on.
#[derive(Clone)]
pub struct Ground {
    /// An open database, migrated.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids of sessions, tokens and links come from.
    pub random: Arc<dyn Random>,
}

impl App {
    /// Puts the rooms together.
    pub async fn build(config: &Config, ground: &Ground) -> Result<Self, StartError> {
        let rooms = rooms::Rooms::open(config, ground).await?;
        let kit = Kit::new(Settings {
            db: ground.db.clone(),
            clock: Arc::clone(&ground.clock),
            random: Arc::clone(&ground.random),
            people: org::pages::people(rooms.org.clone()),
            nav: rooms::nav(),
            menu: rooms::menu(),
            bell: Some(notify::pages::bell()),
            search: None,
            zone: time::zone(time::DEFAULT_ZONE),
            secure: config.is_secure(),
            events: Events::default(),
        })?;
        let router = health::routes(ground.db.clone()).fallback_service(kit.wrap(rooms::routes(
            &kit,
            &rooms,
            Arc::clone(&ground.clock),
        )));
        let background = Background::new(ground.db.clone(), Arc::clone(&ground.clock), kit.clone(), &rooms);
        Ok(Self { router, kit, rooms, background })
    }

    /// People. On an empty database there is nobody yet; see [`Org::first_administrator`].
    pub fn org(&self) -> &Org {
        &self.rooms.org
    }

    /// Running cases.
    pub fn approvals(&self) -> &Approvals {
        &self.rooms.approvals
    }

    /// Plans and payments.
    pub fn settlements(&self) -> &Settlements {
        &self.rooms.settlements
    }

    /// Contracts.
    pub fn contracts(&self) -> &Contracts {
        &self.rooms.contracts
    }

    /// Customers and what belongs to them.
    pub fn crm(&self) -> &Crm {
        &self.rooms.crm
    }

    /// Contracts after approval.
    pub fn fulfilment(&self) -> &Fulfilment {
        &self.rooms.fulfilment
    }

    /// Does everything that is due now, as the loop of a running server does by itself: timers, effects, warnings, messages, mail. For
    /// tests that move the clock by hand.
    pub async fn run_due(&self) {
        self.background.run_due().await;
    }
}
