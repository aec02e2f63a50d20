//! `sample.toml`: values that fill every blank of a template. Tests, previews and the demo company use it.

use crate::contract::template::{Fault, FieldValue, Folder, Role, Template};

use super::Draft;

impl Draft {
    /// The sample of a folder: the template's defaults with the values of `sample.toml` over them.
    pub fn sample(folder: &Folder, template: &Template) -> Result<Self, Vec<Fault>> {
        let sample = folder.read_sample()?;
        let ours = Role::from_name(&sample.our_role).or(template.our_roles.first().copied()).unwrap_or(Role::Other);
        let mut draft = Self::new(template, ours);
        for party in &mut draft.parties {
            if let Some(source) = sample.parties.get(party.role.name()) {
                party.person = source.person;
                party.details.clone_from(&source.details);
            }
        }
        draft.choices = sample.choices;
        for (name, value) in sample.fields {
            let value: Option<FieldValue> = folder.read_sample_value(template, &name, &value)?;
            draft.values.extend(value.map(|value| (name, value)));
        }
        Ok(draft)
    }
}
