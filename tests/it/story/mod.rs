//! The main job as its people live it: an empty installation, seven people, one contract from blank to the seal.
//!
//! Nothing but a browser acts here: no row is written and no API called; only mail is read from the server that took it.

mod decision;
mod office;
mod walk;
