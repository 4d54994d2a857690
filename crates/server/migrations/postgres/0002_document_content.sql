-- What documents hold. A checksum covers where its row belongs and what it holds; the server checks it at each read.

CREATE TABLE document_log (
    project_id  integer NOT NULL,
    document_id text    COLLATE "C" NOT NULL,
    sequence    bigint  NOT NULL CHECK (sequence >= 1),
    created_at  bigint  NOT NULL,
    checksum    bigint  NOT NULL,
    payload     bytea   NOT NULL,
    PRIMARY KEY (project_id, document_id, sequence),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
);

-- The state up to and including the record `through`.
CREATE TABLE document_snapshots (
    project_id  integer NOT NULL,
    document_id text    COLLATE "C" NOT NULL,
    through     bigint  NOT NULL CHECK (through >= 0),
    created_at  bigint  NOT NULL,
    checksum    bigint  NOT NULL,
    state       bytea   NOT NULL,
    PRIMARY KEY (project_id, document_id),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
);

-- Earlier states. Those without a name are thinned out.
CREATE TABLE document_versions (
    project_id  integer NOT NULL,
    document_id text    COLLATE "C" NOT NULL,
    id          integer NOT NULL CHECK (id >= 1),
    name        text,
    created_at  bigint  NOT NULL,
    through     bigint  NOT NULL CHECK (through >= 0),
    bytes       bigint  NOT NULL,
    checksum    bigint  NOT NULL,
    state       bytea   NOT NULL,
    PRIMARY KEY (project_id, document_id, id),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
);

-- Records and snapshots whose checksum was wrong, for a person to look at. Their places stay taken.
CREATE TABLE document_damage (
    project_id  integer NOT NULL,
    document_id text    COLLATE "C" NOT NULL,
    -- Of a record, its own; of a snapshot, its last record's.
    sequence    bigint  NOT NULL,
    kind        text    NOT NULL CHECK (kind IN ('record', 'snapshot')),
    found_at    bigint  NOT NULL,
    checksum    bigint  NOT NULL,
    content     bytea   NOT NULL,
    PRIMARY KEY (project_id, document_id, sequence, kind, found_at),
    FOREIGN KEY (project_id, document_id) REFERENCES documents (project_id, id) ON DELETE CASCADE
);

-- Ids of deleted documents. Clients that still have one would bring it back: they list whatever they edit.
CREATE TABLE deleted_documents (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id         TEXT COLLATE "C" NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);
