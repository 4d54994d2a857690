-- Times are milliseconds since 1970-01-01 UTC. Names and document types are checked by the server.

CREATE TABLE projects (
    -- AUTOINCREMENT: the number of a deleted project is never given to another. The wire's ids have 32 bits.
    id         INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 2147483647),
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE documents (
    project_id    INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id            TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    document_type TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    PRIMARY KEY (project_id, id)
) STRICT, WITHOUT ROWID;

-- What was done once in the life of this database.
CREATE TABLE markers (
    name   TEXT    NOT NULL PRIMARY KEY,
    set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
