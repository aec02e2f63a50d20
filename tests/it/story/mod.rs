//! The main job as its people live it: an empty installation, seven people, one contract from blank to the warning before its end.
//!
//! Nothing but a browser acts here: no row is written and no API called; only mail is read from the server that took it.

mod change;
mod decision;
mod fulfilment;
mod money;
mod office;
mod walk;
mod warning;
