//! The main job as its people live it: an empty installation, seven people, one contract from blank to the warning before its end.
//!
//! No row is written here; only mail is read from the server that took it. At first nothing but a browser acts and no API is called;
//! below `api` it is the other way round: programs with the tokens of their people, and no page but that of the first login.

mod api;
mod change;
mod decision;
mod fulfilment;
mod money;
mod office;
mod walk;
mod warning;
