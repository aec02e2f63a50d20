//! An installation that does not run, for commands: they open the data themselves, and only when no server has it.

use std::sync::Arc;

use super::{Config, Ground, StartError, rooms, serve};
use crate::approval::Approvals;
use crate::contract::Contracts;
use crate::db::DataLock;
use crate::kernel::{SystemClock, SystemRandom};
use crate::notify;
use crate::org::{Org, SignInPolicy};

/// The people of an installation whose data folder is ours.
pub struct Offline {
    org: Org,
    config: Config,
    ground: Ground,
    /// Nobody else opens the data as long as this lives.
    _lock: DataLock,
}

impl Offline {
    /// Takes the data folder for `command` and reads the people.
    pub async fn open(config: &Config, command: &str) -> Result<Self, StartError> {
        let (lock, db) = serve::open(config, command).await?;
        let ground = Ground { db, clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
        Ok(Self { org: people(&ground).await?, config: config.clone(), ground, _lock: lock })
    }

    /// People.
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// Cases and workflows, with everything that they are about.
    pub async fn approvals(&self) -> Result<Approvals, StartError> {
        Ok(rooms::Rooms::open(&self.config, &self.ground).await?.approvals)
    }

    /// Contracts and their templates.
    pub async fn contracts(&self) -> Result<Contracts, StartError> {
        Ok(rooms::Rooms::open(&self.config, &self.ground).await?.contracts)
    }
}

/// The people that `ground` has, with the rights that the rooms know.
pub(super) async fn people(ground: &Ground) -> Result<Org, StartError> {
    let Ground { db, clock, random } = ground.clone();
    let org = Org::open(db, clock, random, SignInPolicy::default(), rooms::protected_kinds()).await?;
    org.tell_through(Arc::new(notify::Post));
    Ok(org)
}
