import type { ClientMessage, CursorUpdate, ServerMessage, Status } from '../protocol/index.ts';
import type { DocumentRef } from '../session/place.ts';
import type { TabId } from './messages.ts';

/** The most present first: the one that counts when tabs differ. */
const PRESENCE: readonly Status[] = ['active', 'idle', 'away'];

/** What one tab says of itself. */
interface Tab {
  isJoined: boolean;
  status: Status;
  document: DocumentRef | undefined;
  /** Its newest cursor in each document. */
  readonly cursors: Map<string, CursorUpdate>;
}

/** One session for several tabs. */
export interface SharedSession {
  /** A tab sends a text frame. */
  sent(id: TabId, frame: string): void;
  /** Messages arrived from the server. */
  received(messages: readonly ServerMessage[]): void;
  /** Somebody looks at a tab. */
  looked(id: TabId): void;
  gone(id: TabId): void;
}

/** `transmit` brings a message to the server, `relay` a text frame to tabs. */
export function createSharedSession(
  transmit: (message: ClientMessage) => void,
  relay: (to: readonly TabId[], frame: string) => void,
): SharedSession {
  /** In the order in which they entered a document last. */
  const tabs = new Map<TabId, Tab>();
  /** Whoever asked to join and has no answer yet: the server answers in the order of asking. */
  const joining: TabId[] = [];
  let told: Status = 'active';

  const joined = (): TabId[] => [...tabs].flatMap(([id, tab]) => (tab.isJoined ? id : []));

  function join(id: TabId, { data }: Extract<ClientMessage, { type: 'join_session' }>): void {
    const { documentId, documentType, ...who } = data;
    const document = documentId && documentType ? { documentId, documentType } : undefined;
    const isFirst = tabs.size === 0;
    const tab: Tab = { isJoined: false, status: 'active', document, cursors: new Map() };
    tabs.set(id, tab);
    joining.push(id);
    // Later ones are answered with everybody who is there, and nothing else of what they say counts.
    transmit({ type: 'join_session', data: isFirst ? data : who });
    if (!isFirst) {
      tellStatus();
      enter(id, tab);
    }
  }

  /** The session goes where this tab is, and stays where others have a cursor. */
  function enter(id: TabId, tab: Tab): void {
    if (tab.document) {
      tabs.delete(id);
      tabs.set(id, tab);
      transmit({ type: 'switch_document', data: tab.document });
      for (const { cursors } of tabs.values()) {
        for (const cursor of cursors.values()) {
          transmit({ type: 'cursor_update', data: cursor });
        }
      }
    }
  }

  function tellStatus(): void {
    const statuses = [...tabs.values()].map(({ status }) => status);
    const status = PRESENCE.find((one) => statuses.includes(one)) ?? told;
    if (status !== told) {
      told = status;
      transmit({ type: 'set_status', data: { status } });
    }
  }

  function say(id: TabId, tab: Tab, message: ClientMessage): void {
    switch (message.type) {
      case 'switch_document': {
        const { documentId } = message.data;
        const cursor = tab.cursors.get(documentId);
        tab.document = message.data;
        tab.cursors.clear();
        if (cursor) {
          tab.cursors.set(documentId, cursor);
        }
        enter(id, tab);
        break;
      }
      case 'cursor_update':
        tab.cursors.set(message.data.documentId, message.data);
        transmit(message);
        break;
      case 'set_status':
        tab.status = message.data.status;
        tellStatus();
        break;
      default:
        transmit(message);
    }
  }

  /** Whom a message is for: a snapshot for who asked for it, all else for everybody who has one. */
  function receiversOf(message: ServerMessage): readonly TabId[] {
    const asked = message.type === 'bulk_presence' ? joining.shift() : undefined;
    const tab = asked === undefined ? undefined : tabs.get(asked);
    if (asked !== undefined && tab) {
      tab.isJoined = true;
      return [asked];
    }
    // Before the join there are only refusals, which are for those who wait.
    const receivers = joined();
    return receivers.length > 0 ? receivers : [...tabs.keys()];
  }

  return {
    sent(id, frame) {
      const message = JSON.parse(frame) as ClientMessage;
      const tab = tabs.get(id);
      if (message.type === 'join_session') {
        join(id, message);
      } else if (tab) {
        say(id, tab, message);
      } else {
        transmit(message);
      }
    },
    received(messages) {
      if (messages.every(({ type }) => type !== 'bulk_presence')) {
        relay(joined().length > 0 ? joined() : [...tabs.keys()], JSON.stringify(messages));
        return;
      }
      for (const message of messages) {
        relay(receiversOf(message), JSON.stringify(message));
      }
    },
    looked(id) {
      const tab = tabs.get(id);
      if (tab?.document && !tab.cursors.has(tab.document.documentId)) {
        enter(id, tab);
      }
    },
    gone(id) {
      const tab = tabs.get(id);
      tabs.delete(id);
      tellStatus();
      const last = [...tabs].filter(([, { document }]) => document).at(-1);
      if (tab && last) {
        // Which leaves where nobody else is.
        enter(...last);
      }
    },
  };
}
