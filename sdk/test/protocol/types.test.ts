import ts from 'typescript';
import { expect, test } from 'vitest';
import { fixtures } from '../support/fixtures.ts';

/** Fixtures in a form that only a server's reader must take: writers use one form, and that is what the types say. */
const OTHER_FORMS = new Set([
  'cursor_update_3d_rotation_array',
  'cursor_update_canvas_nulls',
  'join_session_nulls',
  'join_session_unknown_fields',
  'leave_session_null_data',
  'leave_session_without_data',
  'ping_with_data',
]);

const ROOT = new URL('../../', import.meta.url).pathname;

/** What the compiler says about each fixture as a constant of type `type`. */
function complaints(folder: 'server' | 'client', type: string): string[] {
  const file = `${ROOT}test/protocol/${folder}.virtual.ts`;
  const constants = fixtures(folder)
    .filter(({ name }) => !OTHER_FORMS.has(name))
    .map(({ name, text }) => `export const _${name}: ${type} = ${text};`);
  const source = `import type { ${type} } from '../../src/index.ts';\n${constants.join('\n')}\n`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.readFile = (path) => (path === file ? source : readFile(path));
  host.getSourceFile = (path, version) =>
    path === file ? ts.createSourceFile(path, source, version) : getSourceFile(path, version);
  const program = ts.createProgram([file], options, host);
  return program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ messageText, start }) => {
    const line = source.slice(0, start).split('\nexport const ').at(-1)?.split('\n')[0];
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

test('every message of the server has the type that was generated for it', () => {
  expect(complaints('server', 'ServerMessage')).toEqual([]);
});

test('every message of a client has the type that was generated for it', () => {
  expect(complaints('client', 'ClientMessage')).toEqual([]);
});
