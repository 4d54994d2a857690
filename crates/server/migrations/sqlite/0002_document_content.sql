-- What documents hold. A checksum covers where its row belongs and what it holds; the server checks it at each read.
-- Blobs come last: the columns before one are read without following the pages it overflows into.

-- WITHOUT ROWID keeps the records of a document beside each other, so that a load reads them in one sweep, a
-- compaction frees whole pages, and an append touches one tree instead of two. The price is paid by records above
-- 1 KB, which overflow sooner; most are far smaller.
CREATE TABLE document_log (
    project_id  INTEGER NOT NULL,
    document_id TEXT    NOT NULL,
    sequence    INTEGER NOT NULL CHECK (sequence >= 1),
    created_at  INTEGER NOT NULL,
    checksum    INTEGER NOT NULL,
    payload     BLOB    NOT NULL,
    PRIMARY KEY (project_id, document_id, sequence),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The state up to and including the record `through`. With a rowid, as all tables of large rows: in a tree of keys,
-- each row would take the room of many keys even in the inner pages.
CREATE TABLE document_snapshots (
    project_id  INTEGER NOT NULL,
    document_id TEXT    NOT NULL,
    through     INTEGER NOT NULL CHECK (through >= 0),
    created_at  INTEGER NOT NULL,
    checksum    INTEGER NOT NULL,
    state       BLOB    NOT NULL,
    PRIMARY KEY (project_id, document_id),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
) STRICT;

-- Earlier states. Those without a name are thinned out.
CREATE TABLE document_versions (
    project_id  INTEGER NOT NULL,
    document_id TEXT    NOT NULL,
    id          INTEGER NOT NULL CHECK (id >= 1),
    name        TEXT,
    created_at  INTEGER NOT NULL,
    through     INTEGER NOT NULL CHECK (through >= 0),
    bytes       INTEGER NOT NULL,
    checksum    INTEGER NOT NULL,
    state       BLOB    NOT NULL,
    PRIMARY KEY (project_id, document_id, id),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
) STRICT;

-- Records and snapshots whose checksum was wrong, for a person to look at. Their places stay taken.
CREATE TABLE document_damage (
    project_id  INTEGER NOT NULL,
    document_id TEXT    NOT NULL,
    -- Of a record, its own; of a snapshot, its last record's.
    sequence    INTEGER NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('record', 'snapshot')),
    found_at    INTEGER NOT NULL,
    checksum    INTEGER NOT NULL,
    content     BLOB    NOT NULL,
    PRIMARY KEY (project_id, document_id, sequence, kind, found_at),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
) STRICT;

-- Ids of deleted documents. Clients that still have one would bring it back: they list whatever they edit.
CREATE TABLE deleted_documents (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id         TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (project_id, id)
) STRICT, WITHOUT ROWID;
