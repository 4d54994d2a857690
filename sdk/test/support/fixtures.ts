import { readdirSync, readFileSync } from 'node:fs';

const FIXTURES = new URL('../../../crates/protocol/fixtures/', import.meta.url);

/** The protocol's own examples in `folder`: the same files that the server's tests read. */
export function fixtures(folder: string): { name: string; text: string }[] {
  const files = readdirSync(new URL(folder, FIXTURES)).sort();
  return files.map((file) => ({
    name: file.replace(/\.json$/, ''),
    text: readFileSync(new URL(`${folder}/${file}`, FIXTURES), 'utf8'),
  }));
}
