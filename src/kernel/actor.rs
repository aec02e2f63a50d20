//! Who does something, for whom, and by which way it came.

use serde::{Deserialize, Serialize};

use super::id::UserId;

/// The way by which an action came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A page, after a login.
    Page,
    /// The link in a message.
    Link,
    /// The JSON interface.
    Api,
    /// The program itself: a timer, the job loop.
    System,
    /// A log of what happened elsewhere.
    Replay,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The person, or nobody when the program itself acts.
    pub user: Option<UserId>,
    /// The person in whose place it is done, by a deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UserId>,
    /// The way it came.
    pub channel: Channel,
}

impl Actor {
    /// The program itself.
    pub const SYSTEM: Self = Self { user: None, on_behalf_of: None, channel: Channel::System };

    /// A person who acts for themselves.
    pub const fn person(user: UserId, channel: Channel) -> Self {
        Self { user: Some(user), on_behalf_of: None, channel }
    }

    /// The same person acting in the place of `absent`.
    #[must_use]
    pub const fn on_behalf_of(mut self, absent: UserId) -> Self {
        self.on_behalf_of = Some(absent);
        self
    }

    /// The person whose right is used: the absent one when a deputy acts.
    pub fn in_the_name_of(&self) -> Option<UserId> {
        self.on_behalf_of.or(self.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deputy_acts_in_the_name_of_the_absent_one() {
        let deputy = Actor::person(UserId::new(2), Channel::Link).on_behalf_of(UserId::new(1));
        assert_eq!(deputy.user, Some(UserId::new(2)));
        assert_eq!(deputy.in_the_name_of(), Some(UserId::new(1)));
    }

    #[test]
    fn an_actor_keeps_its_json() {
        let json = r#"{"user":2,"on_behalf_of":1,"channel":"link"}"#;
        let deputy = Actor::person(UserId::new(2), Channel::Link).on_behalf_of(UserId::new(1));
        assert_eq!(serde_json::to_string(&deputy).unwrap(), json);
        assert_eq!(serde_json::to_string(&Actor::SYSTEM).unwrap(), r#"{"user":null,"channel":"system"}"#);
        assert_eq!(serde_json::from_str::<Actor>(json).unwrap(), deputy);
    }
}
