import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BINARY =
  process.env.COLLABD_BIN ?? fileURLToPath(new URL('../../../target/debug/collabd', import.meta.url));

/** A collabd of the test's own, on loopback, with its data in a temporary directory. */
export interface Server {
  /** Such as `ws://127.0.0.1:41234`. */
  readonly url: string;
  readonly port: number;
  /** Tells it to stop and waits until it has. */
  stop(): Promise<void>;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; only after `stop` or `kill`. */
  restart(): Promise<void>;
}

/** Starts a server; `settings` are flags such as `--grace=0s`. Its data is removed by `stop`. */
export async function startServer(...settings: string[]): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), 'collabd-sdk-'));
  let running = await launch(0, data, settings);
  const { port } = running;
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    async stop() {
      await ended(running.process, 'SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
    kill: () => ended(running.process, 'SIGKILL'),
    async restart() {
      running = await launch(port, data, settings);
    },
  };
}

async function launch(
  port: number,
  data: string,
  settings: string[],
): Promise<{ process: ChildProcess; port: number }> {
  const flags = [`--listen=127.0.0.1:${port}`, `--data-dir=${data}`, '--log=warn', '--drain=0s', ...settings];
  const process = spawn(BINARY, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = new Promise<never>((_, reject) => {
    process.once('error', () => reject(new Error(`cannot start ${BINARY}: build it, or set COLLABD_BIN`)));
    process.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  const listening = (async () => {
    for await (const line of createInterface({ input: process.stdout })) {
      const found = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (found) {
        return Number(found[1]);
      }
    }
    return failed;
  })();
  failed.catch(() => {});
  return { process, port: await Promise.race([listening, failed]) };
}

async function ended(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) {
    const exit = new Promise((resolve) => process.once('exit', resolve));
    process.kill(signal);
    await exit;
  }
}
