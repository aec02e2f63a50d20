//! Cases in the store: what happens when two act at once, when a decision is taken back, when something is stuck, and that what is
//! stored is always what the events give.

mod chain;
mod desk;
mod evidence;
mod figures;
mod grids;
mod impact;
mod keys;
mod moving;
mod races;
mod running_another;
mod sheet;
mod stuck;
mod undo;
mod walk;
