//! A process that does not outlive its test, however the test ends.

use std::ops::{Deref, DerefMut};
use std::process::Child;

/// Killed and reaped when dropped, if it has not ended by itself.
#[derive(Debug)]
pub(crate) struct ChildGuard(pub(crate) Child);

impl Deref for ChildGuard {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for ChildGuard {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for ChildGuard {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
