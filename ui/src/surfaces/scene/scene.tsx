import type { SurfaceProps } from '../../documents/surface.ts';
export function Scene(_: SurfaceProps) {
  return null;
}
