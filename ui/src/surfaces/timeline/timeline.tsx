import type { SurfaceProps } from '../../documents/surface.ts';
export function Timeline(_: SurfaceProps) {
  return null;
}
