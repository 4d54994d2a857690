//! A storm: the server is restarted and everybody comes back at the same moment.
//!
//! Everybody is in a project with a document open and knows where all others there are. The server ends, in order, and
//! begins again; each comes back without any pause and says where it is. Then everybody must know everybody again, and
//! everybody must have been told why the connection ended.

mod member;
mod report;
mod stage;

pub(crate) use member::{Farewell, Member};
pub use report::{Report, Round, rows};
pub(crate) use stage::settle;
pub use stage::{Plan, run};
