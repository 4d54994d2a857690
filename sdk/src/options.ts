import type { SocketConstructor } from './connection/socket.ts';
import type { TokenSource } from './token.ts';

/**
 * Who joins. With authentication on, others see the id, name and colour that the token says; the id given here still
 * names the offline copies of documents on this device.
 */
export interface User {
  /** Names the user within the project: 1 to 128 bytes of UTF-8. Two tabs with the same id are one person. */
  readonly id: string;
  /** The name to show: 1 to 256 bytes of UTF-8. */
  readonly name: string;
  /** `#RGB` or `#RRGGBB`; without one the server picks a colour from the id, the same every time. */
  readonly color?: string | undefined;
  /** Is this a program rather than a person? */
  readonly isAgent?: boolean | undefined;
}

export interface ConnectOptions {
  /** Where the server is, such as `wss://collab.example.com`; `http:` and `https:` will do as well. */
  readonly url: string;
  /** An integer from 1 to 2147483647. */
  readonly projectId: number;
  readonly user: User;
  /**
   * A token, or a function that brings a fresh one: called before each try, and again before it expires. When a fixed
   * token has expired, the connection stops with `token_expired`.
   */
  readonly token?: TokenSource | undefined;
  /** Is the user `away` while the page is hidden? True without it. */
  readonly followsPage?: boolean | undefined;
  /**
   * Milliseconds without a movement or a key in the page after which an `active` user is `idle`, until the next one.
   * Without it that is for `setStatus` to say.
   */
  readonly idleAfter?: number | undefined;
  /** Milliseconds between two cursors that are sent. 50 without it, the rate that the server takes by default. */
  readonly cursorInterval?: number | undefined;
  /** The WebSocket to use; `globalThis.WebSocket` without it. Node 20 has none: pass that of the package `ws`. */
  readonly WebSocket?: SocketConstructor | undefined;
}
