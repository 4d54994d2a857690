import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXTS = /\.(?:css|html|js|svg)$/;

/**
 * Puts a compressed form beside each file, for the server to take into its binary, where it is worth it. Keeps the
 * `.gitignore` that keeps the directory.
 */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      await Promise.all(files.filter((file) => TEXTS.test(file)).map(compressFile));
      await writeFile(join(dir, '.gitignore'), '*\n!.gitignore\n');
    },
  };
}

async function compressFile(file: string): Promise<void> {
  const plain = await readFile(file);
  for (const [extension, pack] of [
    ['br', promisify(brotliCompress)],
    ['gz', promisify(gzip)],
  ] as const) {
    const packed = await pack(plain);
    // Less than a packet saved is nothing saved.
    if (packed.length + 500 < plain.length) {
      await writeFile(`${file}.${extension}`, packed);
    }
  }
}
