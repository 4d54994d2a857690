import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';
import vite from '../../vite.config.ts';

/** `tab-page.ts` with all that it imports, as one script. */
export async function tabBundle(): Promise<string> {
  const entry = fileURLToPath(new URL('tab-page.ts', import.meta.url));
  const outputs = (await build({
    configFile: false,
    logLevel: 'error',
    ...(vite.resolve && { resolve: vite.resolve }),
    build: { write: false, lib: { entry, formats: ['iife'], name: 'tab' } },
  })) as Rollup.RollupOutput[];
  const script = outputs.flatMap(({ output }) => output).find((chunk) => chunk.type === 'chunk');
  if (!script) {
    throw new Error('nothing was built');
  }
  return script.code;
}
