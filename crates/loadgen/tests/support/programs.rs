//! Numbers that are not zero, and where the real server is.

use std::env;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use collabd_loadgen::server::Programs;

pub(crate) fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// collabd is of another package, so only a build of the whole workspace puts it beside this one's binary.
pub(crate) fn programs() -> Programs {
    let beside = || Path::new(env!("CARGO_BIN_EXE_collab-bench")).with_file_name("collabd");
    let collabd = env::var_os("COLLABD_BIN").map_or_else(beside, PathBuf::from);
    assert!(collabd.exists(), "no {}: build the workspace, or set COLLABD_BIN", collabd.display());
    let program = |name: &str| PathBuf::from(name);
    Programs {
        collabd,
        node: program("node"),
        peers: program("bench"),
        relay: program("relay"),
        sockudo: program("sockudo"),
    }
}
