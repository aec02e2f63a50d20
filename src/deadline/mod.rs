//! What falls due, who hears of it, when.
