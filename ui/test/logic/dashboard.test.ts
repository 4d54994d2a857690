import { describe, expect, test } from 'vitest';
import { activityOf, lookAt } from '../../src/dashboard/feed/activity.ts';
import type { Health, ProjectState } from '../../src/dashboard/feed/api.ts';
import { format, formatDuration } from '../../src/dashboard/units.ts';

function project(projectId: number, messages: number, connections = 1): ProjectState {
  const rest = { users: 1, leases: 0, documents: 0, observers: 0, inbox: 0, deliveries: 0 };
  return { projectId, messages, connections, ...rest };
}

function look(uptime: number, projects: readonly ProjectState[], startedAt = 1) {
  const health: Health = { connections: 0, connectionLimit: 10, projects };
  return lookAt(health, { startedAt, uptime });
}

describe('projects', () => {
  test('the busiest come first, then the fullest', () => {
    const before = look(10, [project(1, 0), project(2, 0), project(3, 0, 5)]);
    const now = look(20, [project(1, 10), project(2, 50), project(3, 0, 5), project(4, 900)]);
    const activity = activityOf(before, now);
    expect(activity.map(({ projectId }) => projectId)).toEqual([2, 1, 3, 4]);
    expect(activity.map(({ messagesPerSecond }) => messagesPerSecond)).toEqual([5, 1, 0, undefined]);
  });

  test('one that began anew, or whose server did, has no rate', () => {
    const [again] = activityOf(look(10, [project(1, 500)]), look(12, [project(1, 3)]));
    expect(again?.messagesPerSecond).toBeUndefined();
    const [other] = activityOf(look(10, [project(1, 500)]), look(12, [project(1, 600)], 2));
    expect(other?.messagesPerSecond).toBeUndefined();
  });
});

describe('figures', () => {
  test('have their units', () => {
    expect(format(12_345, 'count')).toBe('12,345');
    expect(format(1_234_567, 'count')).toBe('1.2M');
    expect(format(6.283, 'perSecond')).toBe('6.3/s');
    expect(format(1_234.5, 'perSecond')).toBe('1,235/s');
    expect(format(0, 'bytes')).toBe('0 B');
    expect(format(44_040_192, 'bytes')).toBe('42 MiB');
    expect(format(0.0025, 'seconds')).toBe('2.5 ms');
    expect(format(Number.POSITIVE_INFINITY, 'seconds')).toBe('more');
    expect(format(null, 'count')).toBe('–');
  });

  test('a time is told in its two largest units', () => {
    expect(formatDuration(0.4)).toBe('0 s');
    expect(formatDuration(59.9)).toBe('59 s');
    expect(formatDuration(3_600)).toBe('1 h');
    expect(formatDuration(93_784)).toBe('1 d 2 h');
  });
});
