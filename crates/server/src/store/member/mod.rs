//! Who is in a project by an owner's decision: members, those who were removed, and invitations.
//!
//! Every change of a project's members or invitations begins by locking the project's row, so that two of them never
//! decide on what the other is about to change.

mod invitation;
mod lookup;
mod role;

pub use invitation::{Invitation, NewInvitation};
pub use lookup::{Member, Standing};
pub use role::RoleChange;

/// Locks a project's row until the transaction ends, in words that both databases understand; one row if it exists.
const LOCK: &str = "UPDATE projects SET name = name WHERE id = $1";

/// What is kept about one user: the role if there is one, and when that was decided.
const FIND: &str = "SELECT role, changed_at FROM members WHERE project_id = $1 AND user_id = $2";

/// Sets what is kept about one user.
const SET: &str = "INSERT INTO members (project_id, user_id, role, changed_at, changed_by)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (project_id, user_id) DO UPDATE
    SET role = excluded.role, changed_at = excluded.changed_at, changed_by = excluded.changed_by";

/// How many members a project has, and how many rows with those who were removed.
const COUNT: &str = "SELECT count(role), count(*) FROM members WHERE project_id = $1";

/// Members of one project.
const MAX_MEMBERS: i64 = 10_000;

/// Members and removed ones of one project: far more than anybody removes by hand.
const MAX_ROWS: i64 = 100_000;
