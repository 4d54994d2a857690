import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const BINARY =
  process.env.COLLABD_BIN ?? fileURLToPath(new URL('../../../target/debug/collabd', import.meta.url));

/** What `/health/collaboration` says of load. */
interface Health {
  readonly connections: number;
  readonly sessions: number;
  readonly documents: { readonly subscriptions: number; readonly unsavedBytes: number };
}

/** One collabd with a data directory of its own, that may be ended and started again on the same port. */
export class Server {
  readonly #directory: string;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;
  #port: number;
  #log = '';
  /** A secured one does so on a listener for operators only. */
  #reports = '';

  private constructor(directory: string, port: number, options: readonly string[]) {
    this.#directory = directory;
    this.#port = port;
    this.#options = options;
  }

  /** On a free port unless told which. */
  static async start(options: readonly string[] = [], port = 0): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'collabd-ui-')), port, options);
    await server.launch();
    return server;
  }

  /** Where the page is. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where it reports on itself. */
  get reports(): string {
    return this.#reports;
  }

  /** Starts it, on the port that it had before. */
  async launch(): Promise<void> {
    const isSecured = this.#options.some((option) => option.startsWith('--auth-'));
    const flags = ['--listen', `127.0.0.1:${this.#port}`, '--data-dir', this.#directory, '--drain', '300ms'];
    const admin = isSecured ? ['--admin-listen', '127.0.0.1:0'] : [];
    const child = spawn(BINARY, [...flags, ...admin, ...this.#options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const orphaned = () => child.kill('SIGKILL');
    process.on('exit', orphaned);
    child.once('exit', () => process.off('exit', orphaned));
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      this.#log += String(chunk);
    });
    const addresses = await until('the server is ready', () => {
      if (child.exitCode !== null) {
        throw new Error(`it ended with ${child.exitCode}: ${this.#log}`);
      }
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
      return new Set(found).size >= (isSecured ? 2 : 1) ? found : undefined;
    });
    this.#port = Number(new URL(addresses[0] ?? '').port);
    this.#reports = addresses.find((address) => isSecured && address !== this.url) ?? this.url;
    this.#process = child;
  }

  /** Ends it, and waits until it has gone. */
  async end(by: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(by);
      await exited;
    }
  }

  /** Asks GraphQL and returns `data`. */
  async ask<T>(query: string, variables: object = {}, token?: string): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) {
      throw new Error(JSON.stringify(errors));
    }
    return data;
  }

  /** When all pages are closed, nothing of them is left. */
  async assertBaseline(): Promise<void> {
    await until('nothing is left of the pages', async () => {
      const response = await fetch(`${this.#reports}/health/collaboration`);
      const { connections, sessions, documents } = (await response.json()) as Health;
      return connections + sessions + documents.subscriptions + documents.unsavedBytes === 0;
    });
  }

  /** Leaves nothing behind, however the test ended. */
  async dispose(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.#directory, { recursive: true, force: true });
    if (/panicked at|\bERROR\b/.test(this.#log)) {
      throw new Error(`the server logged an error:\n${this.#log}`);
    }
  }
}
