import { describe, expect } from 'vitest';
import { Roster } from '../support/roster.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const ADA = { params: { user_id: 'ada', user_name: 'Ada Lovelace' } };

describe('presence of those who only speak y-websocket', () => {
  test('shows them with their name and document, and that they left', async ({ server, join }) => {
    const observer = await Roster.join(server, 'eve');
    const ada = await join('plan', ADA).synced();

    const person = await until('ada is there', () => observer.people.get('ada'));
    expect(person).toMatchObject({ userName: 'Ada Lovelace', sessions: 1 });
    expect(Object.keys(person.documents)).toEqual(['plan']);

    ada.destroy();
    await until('ada left', () => !observer.people.has('ada'));
    expect(observer.comings).toEqual(['+ada', '-ada']);
    observer.leave();
  });

  test('is one person on both sockets, there until both are gone', async ({ server, join }) => {
    const observer = await Roster.join(server, 'eve');
    const page = await Roster.join(server, 'ada', 'Ada Lovelace');
    const editor = await join('plan', ADA).synced();
    const there = () => observer.people.get('ada');

    await until('both sockets are counted', () => there()?.sessions === 2);
    expect(Object.keys(there()?.documents ?? {})).toEqual(['plan']);
    expect(observer.people.size).toBe(2);

    editor.destroy();
    await until('one socket is left', () => there()?.sessions === 1);
    await until('the document is closed', () => Object.keys(there()?.documents ?? {}).length === 0);

    page.leave();
    await until('ada left', () => there() === undefined);
    expect(observer.comings).toEqual(['+ada', '-ada']);
    observer.leave();
  });

  test('keeps a person whose connection is cut and comes back', async ({ server, join }) => {
    const observer = await Roster.join(server, 'eve');
    const ada = await join('plan', ADA).synced();
    await until('ada is there', () => observer.people.has('ada'));

    ada.cut();
    await until('the connection is gone', () => ada.closes.length === 1);
    await ada.synced();

    // Whoever comes now comes after all that was said about ada.
    const late = await Roster.join(server, 'bob');
    await until('bob is there', () => observer.people.has('bob'));
    expect(observer.comings).toEqual(['+ada', '+bob']);
    expect(late.people.get('ada')?.userName).toBe('Ada Lovelace');
    late.leave();
    observer.leave();
  });
});
