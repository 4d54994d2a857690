//! Which documents are open, and how to reach them. Updates never pass through here.

mod actor;
mod handle;
#[cfg(test)]
mod tests;

pub use actor::DocumentRegistry;
pub use handle::DocumentsHandle;
