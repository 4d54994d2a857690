-- What owners decided about people. Where there is a row it counts, whatever a token grants.

CREATE TABLE members (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL,
    -- NULL for somebody who was removed: without the row, a token that still grants a role would let them in.
    role       TEXT    CHECK (role IN ('viewer', 'editor', 'owner')),
    changed_at INTEGER NOT NULL,
    changed_by TEXT    NOT NULL,
    PRIMARY KEY (project_id, user_id)
) STRICT, WITHOUT ROWID;

-- For the list of somebody's projects.
CREATE INDEX members_by_user ON members (user_id, project_id);

-- Those that were neither used nor withdrawn. The code itself is kept by whoever was given it.
CREATE TABLE invitations (
    -- SHA-256 of the code, in hexadecimal digits.
    fingerprint TEXT    NOT NULL PRIMARY KEY,
    project_id  INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    role        TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
    made_by     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_by_project ON invitations (project_id);
