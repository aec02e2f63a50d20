//! What of this room is granted to roles, beside what is anybody's business because they are asked.

use crate::kernel::Kind;
use crate::org::{Action, ProtectedKind, Reach};

/// Every case, also those that are none of one's business, and mending those that are stuck.
pub const APPROVAL: Kind = Kind::of("approval");
/// Workflows: reading their files, and publishing.
pub const WORKFLOW: Kind = Kind::of("workflow");

/// What this room protects.
pub fn protected_kinds() -> Vec<ProtectedKind> {
    use Action::{Administer, Read};
    let auditor: &[(&str, &[Action], Reach)] = &[("auditor", &[Read], Reach::All)];
    vec![
        ProtectedKind { kind: APPROVAL, title: "approval.kind", actions: &[Read, Administer], first: auditor },
        ProtectedKind { kind: WORKFLOW, title: "approval.kind_workflow", actions: &[Read, Administer], first: auditor },
    ]
}
