import type { SurfaceProps } from '../../documents/surface.ts';
export function Code(_: SurfaceProps) {
  return null;
}
