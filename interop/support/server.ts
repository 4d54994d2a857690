import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const BINARY =
  process.env.COLLABD_BIN ?? fileURLToPath(new URL('../../target/debug/collabd', import.meta.url));

/** What the server promises: after SIGTERM it is gone by then, in milliseconds. */
const SHUTDOWN = 5_000;

/** Of the log, in characters; enough for what led to a failure. */
const LOG_TAIL = 20_000;

/** What `/health/collaboration` says of load. */
export interface Health {
  connections: number;
  sessions: number;
  documents: { open: number; subscriptions: number; unsavedBytes: number };
}

/** One collabd with a data directory of its own, that may be ended and started again on the same port. */
export class Server {
  readonly #directory: string;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;
  #port = 0;
  #log = '';

  private constructor(directory: string, options: readonly string[]) {
    this.#directory = directory;
    this.#options = options;
  }

  static async start(...options: string[]): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'collabd-interop-')), options);
    await server.launch();
    return server;
  }

  get origin(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** y-websocket's `serverUrl` for a project. */
  documents(project = 1): string {
    return `ws://${this.origin}/ws/documents/${project}`;
  }

  get isUp(): boolean {
    return this.#process !== undefined;
  }

  /** The end of what the server wrote, over all its lives. */
  get log(): string {
    return this.#log;
  }

  /** Starts it, on the port that it had before. */
  async launch(): Promise<void> {
    const child = spawn(
      BINARY,
      ['--listen', `127.0.0.1:${this.#port}`, '--data-dir', this.#directory, ...this.#options],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const orphaned = () => child.kill('SIGKILL');
    process.on('exit', orphaned);
    child.once('exit', () => process.off('exit', orphaned));
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      this.#log = (this.#log + String(chunk)).slice(-LOG_TAIL);
    });
    const port = await until('the server is ready', () => {
      if (child.exitCode !== null) {
        throw new Error(`it ended with ${child.exitCode}: ${this.#log}`);
      }
      return /health\/ready/.test(said) && /:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    });
    this.#port = Number(port);
    this.#process = child;
  }

  /** Ends it with SIGTERM, and fails unless it goes orderly and in time. */
  async terminate(): Promise<void> {
    const began = performance.now();
    const { code, signal } = await this.#end('SIGTERM');
    const took = performance.now() - began;
    if (code !== 0 || took > SHUTDOWN) {
      throw new Error(`SIGTERM ended the server with ${code ?? signal} after ${Math.round(took)} ms`);
    }
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async health(): Promise<Health> {
    const response = await fetch(`http://${this.origin}/health/collaboration`);
    return (await response.json()) as Health;
  }

  /** Asks GraphQL and returns `data`. */
  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`http://${this.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) {
      throw new Error(JSON.stringify(errors));
    }
    return data;
  }

  /** When all clients are gone nothing of them is left; then it ends as it should, without having panicked. */
  async assertBaseline(): Promise<void> {
    if (!this.isUp) {
      throw new Error('the server is not running at the end of the test');
    }
    await until('nothing is left of the clients', async () => {
      const health = await this.health();
      const { connections, sessions, documents } = health;
      if (connections + sessions + documents.subscriptions + documents.unsavedBytes > 0) {
        throw new Error(JSON.stringify(health));
      }
      return true;
    });
    await this.terminate();
    if (/panicked at|\bERROR\b/.test(this.#log)) {
      throw new Error(`the server logged an error:\n${this.#log}`);
    }
  }

  /** Leaves nothing behind, however the test ended. */
  async dispose(): Promise<void> {
    if (this.isUp) {
      await this.kill();
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #end(by: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; signal: string | null }> {
    const child = this.#process;
    if (child === undefined) {
      throw new Error('the server is not running');
    }
    this.#process = undefined;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(by);
      await exited;
    }
    return { code: child.exitCode, signal: child.signalCode };
  }
}
