//! Effects at the ends of a case and at events of its subject.

use super::super::{Effect, EffectSpec, EffectsAt, Event, HookAt, ScriptFault, StuckReason};
use super::draft::Draft;

impl HookAt {
    /// The outside event that sets the hook off; `None` for the ends that the engine itself reaches.
    fn outside(self) -> Option<&'static str> {
        match self {
            Self::Signed => Some("signed"),
            Self::Submitted | Self::Approved | Self::Rejected | Self::Withdrawn | Self::Ended => None,
        }
    }
}

impl Draft<'_> {
    /// The effects that specifications give.
    pub(super) fn effects(&self, specs: &[EffectSpec]) -> Result<Vec<Effect>, ScriptFault> {
        let mut effects = Vec::new();
        for spec in specs {
            match spec {
                EffectSpec::Value(effect) => effects.push(effect.clone()),
                EffectSpec::Expert { script } => effects.extend(self.script.effects(*script, &self.facts)?.value),
            }
        }
        Ok(effects)
    }

    /// Sets off a hook. One that fails is marked; the case goes on, and the retry sets it off again.
    pub(super) fn hook(&mut self, at: HookAt) {
        let definition = self.definition;
        let specs: Vec<_> = definition
            .hooks
            .iter()
            .filter(|hook| hook.at == at)
            .flat_map(|hook| hook.effects.iter().cloned())
            .collect();
        if specs.is_empty() {
            return;
        }
        match self.effects(&specs) {
            Ok(effects) => self.push(Event::EffectsDue { at: EffectsAt::Hook { hook: at }, effects }),
            Err(fault) => {
                let line = definition.hooks.iter().find(|hook| hook.at == at).map_or(0, |hook| hook.place.line);
                let place = format!("{}:{line}", definition.file);
                self.push(Event::Stuck { node: None, place, because: StuckReason::HookFault { hook: at, fault } });
            }
        }
    }

    /// The hook that an outside event sets off.
    pub(super) fn hook_of(&self, event: &str) -> Option<HookAt> {
        self.definition.hooks.iter().map(|hook| hook.at).find(|at| at.outside() == Some(event))
    }
}
