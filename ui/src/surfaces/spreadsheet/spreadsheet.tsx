import type { SurfaceProps } from '../../documents/surface.ts';
export function Spreadsheet(_: SurfaceProps) {
  return null;
}
