import * as Y from 'yjs';

/** Something with an id in a document, such as a node: fields that people change independently of each other. */
export type Fields = Readonly<Record<string, unknown>>;

/** A document's records of one sort, under its root `name`. */
export interface Records<T> {
  /** All of them, in the order of their ids; those that did not change keep their reference. */
  get(): readonly T[];
  subscribe(listener: () => void): () => void;
  add(id: string, fields: Fields): void;
  /** Changes some fields of a record, if it is still there. */
  update(id: string, fields: Fields): void;
  remove(id: string): void;
}

/**
 * The records under `name`. `parse` makes a value of what is there, or nothing: anybody may have written anything, with
 * any program.
 */
export function openRecords<T>(
  doc: Y.Doc,
  name: string,
  parse: (id: string, fields: Fields) => T | undefined,
): Records<T> {
  const root = doc.getMap<unknown>(name);
  const known = new Map<string, T>();
  const listeners = new Set<() => void>();
  let all: readonly T[] = [];

  function read(id: string): void {
    const fields = fieldsOf(root.get(id));
    const value = fields && parse(id, fields);
    if (value === undefined) {
      known.delete(id);
    } else {
      known.set(id, value);
    }
  }

  function list(): void {
    all = [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  }

  function observe(events: Y.YEvent<Y.AbstractType<unknown>>[]): void {
    for (const { path, changes } of events) {
      const ids = path.length > 0 ? [String(path[0])] : changes.keys.keys();
      for (const id of ids) {
        read(id);
      }
    }
    list();
    for (const listener of listeners) {
      listener();
    }
  }

  for (const id of root.keys()) {
    read(id);
  }
  list();
  // For as long as the document is there: it is let go with all who observe it.
  root.observeDeep(observe);

  return {
    get: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (id, fields) => void root.set(id, new Y.Map(Object.entries(fields))),
    update(id, fields) {
      const entry = root.get(id);
      if (entry instanceof Y.Map) {
        for (const [field, value] of Object.entries(fields)) {
          entry.set(field, value);
        }
      } else if (fieldsOf(entry)) {
        // From now on people change its fields independently.
        root.set(id, new Y.Map(Object.entries({ ...fieldsOf(entry), ...fields })));
      }
    },
    remove: (id) => root.delete(id),
  };
}

/** The fields of a record: those of a map or, in a document that was imported, of an object. */
function fieldsOf(entry: unknown): Fields | undefined {
  if (entry instanceof Y.Map) {
    return entry.toJSON();
  }
  return entry?.constructor === Object ? (entry as Fields) : undefined;
}
