import { vi } from 'vitest';

/** Makes the waits before reconnects short, for tests of what comes after them. */
export function shortWaits(): void {
  vi.spyOn(Math, 'random').mockReturnValue(0.005);
}
