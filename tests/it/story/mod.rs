//! The main job as its people live it: an empty installation, seven people, one contract from blank to the warning before its end.
//!
//! The stories of approval itself begin later, in a company that is there already ([`firm`]).
//!
//! No row is written here; only mail is read from the server that took it. At first nothing but a browser acts and no API is called;
//! below `api` it is the other way round: programs with the tokens of their people, and no page but that of the first login.

mod api;
mod author;
mod authority;
mod change;
mod decision;
mod firm;
mod fulfilment;
mod money;
mod office;
mod scope;
mod walk;
mod warning;
