import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { test } from '../support/browser-world.ts';
import { exported } from '../support/content.ts';
import { until } from '../support/until.ts';

interface EditorKind {
  page: string;
  document: string;
  /** Selectors of what is edited, of a cursor in it, and of the name at a cursor. */
  content: string;
  caret: string;
  label: string;
}

const CODEMIRROR: EditorKind = {
  page: 'codemirror',
  document: 'code',
  content: '.cm-content',
  caret: '.cm-ySelectionCaret',
  label: '.cm-ySelectionInfo',
};

const TIPTAP: EditorKind = {
  page: 'tiptap',
  document: 'letter',
  content: '.ProseMirror',
  caret: '.collaboration-carets__caret',
  label: '.collaboration-carets__label',
};

/** The text in an editor without the names of the others in it. */
async function text(page: Page, { content, caret }: EditorKind): Promise<string> {
  return await page.locator(content).evaluate((element, carets) => {
    const copy = element.cloneNode(true) as Element;
    for (const one of copy.querySelectorAll(carets)) {
      one.remove();
    }
    return copy.textContent ?? '';
  }, caret);
}

async function shows(page: Page, kind: EditorKind, expected: string): Promise<void> {
  await until(`the page shows "${expected}"`, async () => {
    const shown = await text(page, kind);
    if (shown !== expected) {
      throw new Error(`it shows "${shown}"`);
    }
    return true;
  });
}

async function names(page: Page, { label }: EditorKind): Promise<string> {
  return String(await page.locator(label).allTextContents());
}

describe('an editor that was given nothing but a URL', () => {
  test.for([CODEMIRROR, TIPTAP])(
    '$page: two pages see what the other types, and where',
    async (kind, { open, join }) => {
      const ada = await open(kind.page, 'Ada');
      const bob = await open(kind.page, 'Bob');

      await ada.click(kind.content);
      await ada.keyboard.type('Hello from Ada.');
      await shows(bob, kind, 'Hello from Ada.');
      await bob.click(kind.content);
      await bob.keyboard.press('Control+End');
      await bob.keyboard.type(' Hello from Bob.');
      await shows(ada, kind, 'Hello from Ada. Hello from Bob.');

      await until("Ada sees Bob's cursor", async () => (await names(ada, kind)) === 'Bob');
      await until("Bob sees Ada's cursor", async () => (await names(bob, kind)) === 'Ada');

      await ada.keyboard.press('Control+Home');
      await Promise.all([ada.keyboard.type('First. '), bob.keyboard.type(' Last.')]);
      const all = 'First. Hello from Ada. Hello from Bob. Last.';
      await shows(ada, kind, all);
      await shows(bob, kind, all);

      const fresh = await exported(join, kind.document);
      const held =
        kind === CODEMIRROR ? fresh.text.toString() : fresh.doc.getXmlFragment('default').toString();
      expect(held).toBe(kind === CODEMIRROR ? all : `<paragraph>${all}</paragraph>`);

      await bob.close();
      await until("Bob's cursor is gone", async () => (await names(ada, kind)) === '');
    },
  );
});
