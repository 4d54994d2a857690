//! People come and go: each session connects, joins with a document open, moves once and leaves, in order or with a
//! TCP reset, as fast as the visitors can. In every project witnesses stay, who must hear of each arrival and of each
//! departure with its reason. Meanwhile a prober asks for the health page and one for GraphQL. In the end the server
//! must be back where it was.

mod plan;
mod probe;
mod report;
mod stage;
mod visitor;
mod witness;

pub use plan::Plan;
pub use probe::Probe;
pub use report::{Report, rows};
pub use stage::run;
