//! Documents as connections use them, from opening to the last byte on disk.

mod awareness;
mod ends;
mod faults;
mod saving;
mod sharing;
