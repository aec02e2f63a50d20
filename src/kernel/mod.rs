//! Values without IO: ids, money, dates, the working calendar, hashes, the clock and randomness as things that are passed in.
