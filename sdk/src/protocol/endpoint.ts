/**
 * The address of a project's socket. `base` is where the server is: `ws:`, `wss:`, `http:` or `https:`, with a path if
 * the server is mounted under one.
 *
 * @throws TypeError when `base` is no absolute URL of those schemes.
 * @throws RangeError when `projectId` is no integer from 1 to 2147483647.
 */
export function projectEndpoint(base: string, projectId: number): string {
  if (!Number.isInteger(projectId) || projectId < 1 || projectId > 0x7fff_ffff) {
    throw new RangeError(`projectId must be an integer from 1 to 2147483647, is ${projectId}`);
  }
  const url = new URL(base);
  const scheme = /^(?:ws|http)(s?):$/.exec(url.protocol);
  if (!scheme) {
    throw new TypeError(`url must begin with ws:, wss:, http: or https:, is ${base}`);
  }
  const path = `${url.pathname.replace(/\/+$/, '')}/ws/collaboration/v2`;
  return `ws${scheme[1]}://${url.host}${path}?project_id=${projectId}`;
}
