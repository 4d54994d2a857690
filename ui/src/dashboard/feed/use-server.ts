import { useSyncExternalStore } from 'react';
import { Feed, type ServerView } from './feed.ts';

/** One for all places of the dashboard: what was heard in one of them is there in the next. */
const feed = new Feed();

/** What is known of the server, kept fresh. */
export function useServer(): ServerView {
  return useSyncExternalStore(feed.subscribe, feed.get, feed.get);
}
