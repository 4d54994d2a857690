import { expect, test } from 'vitest';
import { projectEndpoint } from '../../src/protocol/endpoint.ts';

test.each([
  ['ws://127.0.0.1:3000', 'ws://127.0.0.1:3000/ws/collaboration/v2?project_id=7'],
  ['https://collab.example.com/', 'wss://collab.example.com/ws/collaboration/v2?project_id=7'],
  ['http://example.com/live/', 'ws://example.com/live/ws/collaboration/v2?project_id=7'],
  ['wss://[::1]:8443', 'wss://[::1]:8443/ws/collaboration/v2?project_id=7'],
])('%s is reached at %s', (base, url) => {
  expect(projectEndpoint(base, 7)).toBe(url);
});

test.each(['collab.example.com', 'ftp://example.com', '/ws'])('%s is no address', (base) => {
  expect(() => projectEndpoint(base, 1)).toThrow(TypeError);
});

test.each([0, -1, 1.5, 2147483648, Number.NaN])('%d is no project', (projectId) => {
  expect(() => projectEndpoint('ws://localhost', projectId)).toThrow(RangeError);
});
