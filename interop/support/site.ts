import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HTML = '<!doctype html><meta charset="utf-8"><body></body><script src="page.js"></script>';

/** A page of `pages/`, bundled with what it imports and served on loopback. */
export class Site {
  readonly #http: HttpServer;

  private constructor(http: HttpServer) {
    this.#http = http;
  }

  static async serve(page: string): Promise<Site> {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(`../pages/${page}.ts`, import.meta.url))],
      bundle: true,
      format: 'iife',
      target: 'es2022',
      write: false,
      logLevel: 'error',
    });
    const script = outputFiles[0]?.text ?? '';
    const http = createServer((request, response) => {
      const isScript = request.url?.startsWith('/page.js') ?? false;
      response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html');
      response.end(isScript ? script : HTML);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new Site(http);
  }

  /** The page's address; what it is to do is in the query. */
  url(query: Record<string, string>): string {
    const { port } = this.#http.address() as AddressInfo;
    return `http://127.0.0.1:${port}/?${new URLSearchParams(query)}`;
  }

  close(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}
