import type { ConnectionState } from '../connection/state.ts';
import { useSnapshot } from './use-snapshot.ts';

/** How the connection is, to say so to the person. */
export function useConnection(): ConnectionState {
  return useSnapshot((snapshot) => snapshot.connection);
}
