import { expect, test } from 'vitest';
import { createLedger } from '../../src/documents/ledger.ts';

test('nothing was changed, so nothing is unsaved, with a connection or without', () => {
  const ledger = createLedger();
  expect(ledger.state()).toBe('saved');
  ledger.online();
  ledger.offline();
  expect(ledger.state()).toBe('saved');
});

test('what was changed on an earlier connection is not confirmed by messages that do not hold it', () => {
  const ledger = createLedger();
  ledger.online();
  ledger.changed();
  ledger.offline();
  ledger.online();
  ledger.changed();
  ledger.sent();
  ledger.confirmed(1);
  expect(ledger.state()).toBe('saving');
  ledger.sent();
  ledger.sentAll();
  ledger.confirmed(2);
  expect(ledger.state()).toBe('saved');
});
