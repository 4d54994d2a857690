import { gzipSync } from 'node:zlib';
import { build } from 'tsdown';
import { expect, test } from 'vitest';
import config from '../tsdown.config.ts';

/** Bytes that the core entry may have as a page loads it: without comments and long names, and compressed. */
const CORE_BUDGET = 8_000;

/** What one entry needs in a page: its bytes, minified and compressed, and the packages it imports. */
async function published(source: string): Promise<{ bytes: number; imports: string[] }> {
  const options = {
    ...config,
    config: false,
    dts: false,
    sourcemap: false,
    minify: true,
    write: false,
    clean: false,
    logLevel: 'silent',
  } as const;
  const [bundle] = await build({ ...options, entry: { entry: source } });
  const chunks = (bundle?.chunks ?? []).flatMap((chunk) => (chunk.type === 'chunk' ? [chunk] : []));
  const files = new Set(chunks.map((chunk) => chunk.fileName));
  const imports = chunks.flatMap((chunk) => chunk.imports);
  return {
    bytes: gzipSync(chunks.map((chunk) => chunk.code).join('\n')).length,
    imports: [...new Set(imports.filter((name) => !files.has(name)))].sort(),
  };
}

test('the core keeps its budget and needs no package', async () => {
  const { bytes, imports } = await published('src/index.ts');
  expect(imports).toEqual([]);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(CORE_BUDGET);
});

test('what shares a socket between tabs needs only the encoding of documents', async () => {
  const { imports } = await published('src/tabs/index.ts');
  expect(imports).toEqual(['lib0/decoding', 'lib0/encoding']);
});

test('the components need React and nothing of documents', async () => {
  const { imports } = await published('src/react/index.ts');
  expect(imports).toEqual(['react', 'react/jsx-runtime']);
});

test('documents need Yjs and its protocols; what keeps an offline copy is loaded when one is wanted', async () => {
  const { imports } = await published('src/documents/index.ts');
  expect(imports).toEqual(['lib0/decoding', 'lib0/encoding', 'y-protocols/awareness', 'yjs']);
});
