//! Changes of contracts that are in force: supplements and terminations.

use super::contracts::{Begun, Desk};
use super::paper;
use crate::app::StartError;
use crate::contract::fulfilment::{ChangeEdit, ChangeKind};

/// How long after it is written a contract ends by agreement, in days.
const NOTICE: i64 = 5;

impl Desk<'_> {
    /// The drafter writes a change with what it rests on, and hands it in; what follows in the story is about it until it is signed.
    pub(super) async fn change(
        &self,
        contract: &mut Begun<'_>,
        kind: ChangeKind,
        reason: &str,
    ) -> Result<(), StartError> {
        let (fulfilment, drafter) = (self.app.fulfilment(), contract.drafter);
        let user = self.people.user(&contract.told.drafter)?;
        let id = fulfilment.begin_change(drafter, contract.id, kind).await?;
        let basis = paper::pdf(&contract.told.template, "basis of the change");
        let version = fulfilment.change(user, id).await?.0.version;
        fulfilment.add_evidence(drafter, (id, version), ("变更依据.pdf", &basis)).await?;
        self.days.pass();
        let ends = self.days.on_the_clock().saturating_add(jiff::Span::new().days(NOTICE));
        let edit = ChangeEdit {
            reason: reason.to_owned(),
            impact: "不影响已完成的交付与付款。".to_owned(),
            expires_on: (kind == ChangeKind::Termination).then_some(ends),
            text: format!("双方同意：{reason}。除本协议另有约定外，原合同其他条款不变。"),
            version: fulfilment.change(user, id).await?.0.version,
            ..ChangeEdit::default()
        };
        fulfilment.save_change(drafter, id, edit).await?;
        self.days.pass();
        fulfilment.submit_change(drafter, id, None).await?;
        self.days.pass();
        contract.change = Some(id);
        Ok(())
    }
}
