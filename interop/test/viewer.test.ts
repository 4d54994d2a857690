import { describe, expect, vi } from 'vitest';
import { exported } from '../support/content.ts';
import { ticket } from '../support/ticket.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

describe('a viewer', () => {
  test('receives, and what it writes reaches nobody', async ({ server, join }) => {
    const refused = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const params = { ticket: await ticket(server, 'vic', 'VIEWER') };
    const editor = await join('plan', { name: 'Ed' }).synced();
    const neighbour = await join('plan').synced();
    const viewer = await join('plan', { params, name: 'Vic' }).synced();

    editor.text.insert(0, 'from the editor');
    await until('the viewer reads', () => viewer.text.toString() === 'from the editor');

    viewer.text.insert(0, 'from the viewer, ');
    // y-websocket's answer to message 2, "permission denied".
    await until('the viewer is told', () =>
      refused.mock.calls.some(([line]) => /denied/i.test(String(line))),
    );

    editor.text.insert(editor.text.length, ', again');
    for (const peer of [neighbour, viewer]) {
      await until('everybody still reads', () => peer.text.toString().endsWith(', again'));
    }
    const fresh = await exported(join, 'plan');
    for (const peer of [editor, neighbour, fresh]) {
      expect(peer.text.toString()).toBe('from the editor, again');
      expect(peer.doc.store.clients.has(viewer.doc.clientID)).toBe(false);
    }
    await until('it is seen all the same', () => editor.names.includes('Vic'));
    for (const peer of [editor, neighbour, viewer]) {
      expect(peer.closes).toEqual([]);
    }
    refused.mockRestore();
  });

  test('who holds edits from before it came brings none of them in', async ({ server, join }) => {
    const refused = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const editor = await join('plan').synced();
    const params = { ticket: await ticket(server, 'vic', 'VIEWER') };
    const viewer = join('plan', { params, connect: false });
    viewer.text.insert(0, 'smuggled');
    viewer.provider.connect();
    await viewer.synced();

    editor.text.insert(0, 'kept');
    await until('the viewer reads', () => viewer.text.toString().includes('kept'));
    expect((await exported(join, 'plan')).text.toString()).toBe('kept');
    expect(viewer.closes).toEqual([]);
    refused.mockRestore();
  });

  test('cannot use its ticket twice', async ({ server, join }) => {
    const params = { ticket: await ticket(server, 'vic', 'VIEWER') };
    await join('plan', { params }).synced();
    const thief = join('plan', { params });
    await until('the second is refused', () => thief.closes.includes(4501));
    expect(thief.provider.synced).toBe(false);
  });
});
