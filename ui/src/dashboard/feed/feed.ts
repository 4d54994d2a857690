import { measure } from '../charts/specs.ts';
import { extend, type History, NOTHING } from '../metrics/history.ts';
import { Reading } from '../metrics/reading.ts';
import { activityOf, lookAt, type ProjectActivity, type ProjectLook } from './activity.ts';
import { fetchHealth, fetchMetrics, fetchNames, type Health } from './api.ts';

/** What the page knows of the server. */
export interface ServerView {
  /** `away`: the newest question has no answer; it is asked again. `paused`: nobody looks. */
  readonly status: 'loading' | 'live' | 'paused' | 'away';
  /** Why there is no answer. */
  readonly error: unknown;
  /** When the newest answer came, in milliseconds since 1970 by the page's clock. */
  readonly heardAt: number | undefined;
  readonly reading: Reading | undefined;
  readonly health: Health | undefined;
  readonly history: History;
  /** The busiest first. */
  readonly projects: readonly ProjectActivity[];
  readonly names: ReadonlyMap<number, string>;
}

/** Milliseconds between two questions. */
export const PERIOD_MS = 2_000;
/** Looks over which a project's activity is taken: its place in the list should not jump. */
const ACTIVITY_LOOKS = 5;
/** Projects are renamed rarely: their names are asked for once in so many questions, and for new ones. */
const NAMES_EVERY = 15;

const UNKNOWN: ServerView = {
  status: 'loading',
  error: undefined,
  heardAt: undefined,
  reading: undefined,
  health: undefined,
  history: NOTHING,
  projects: [],
  names: new Map(),
};

/** Asks the server how it is, again and again while somebody looks at the page, and keeps what it said. */
export class Feed {
  #view = UNKNOWN;
  #looks: readonly ProjectLook[] = [];
  #questions = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  readonly #listeners = new Set<() => void>();

  readonly get = (): ServerView => this.#view;

  /** Asks as long as anybody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      document.addEventListener('visibilitychange', this.#onVisibility);
      this.#onVisibility();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        document.removeEventListener('visibilitychange', this.#onVisibility);
        this.#rest();
      }
    };
  };

  readonly #onVisibility = (): void => {
    this.#rest();
    if (document.visibilityState === 'visible') {
      void this.#ask();
    } else {
      this.#show({ status: 'paused' });
    }
  };

  #rest(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const [text, health] = await Promise.all([fetchMetrics(asking.signal), fetchHealth(asking.signal)]);
      const names = await this.#names(health, asking.signal);
      if (!asking.signal.aborted) {
        this.#hear(new Reading(text), health, names);
      }
    } catch (error) {
      if (!asking.signal.aborted) {
        this.#show({ status: 'away', error });
      }
    }
    if (!asking.signal.aborted) {
      this.#timer = setTimeout(() => void this.#ask(), PERIOD_MS);
    }
  }

  async #names(health: Health, signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
    const { names } = this.#view;
    const isNew = health.projects.some(({ projectId }) => !names.has(projectId));
    this.#questions += 1;
    if (!isNew && this.#questions % NAMES_EVERY !== 0) {
      return names;
    }
    const known = await fetchNames(signal);
    // One without a name is in no database: it is not asked for again at once.
    const unnamed = health.projects.map(({ projectId }) => [projectId, ''] as const);
    return new Map([...unnamed, ...known.map(({ projectId, name }) => [projectId, name] as const)]);
  }

  #hear(reading: Reading, health: Health, names: ReadonlyMap<number, string>): void {
    const look = lookAt(health, reading);
    const projects = activityOf(this.#looks[0], look);
    this.#looks = [...this.#looks, look].slice(-ACTIVITY_LOOKS);
    const history = extend(this.#view.history, reading, measure);
    this.#show({
      status: 'live',
      error: undefined,
      heardAt: Date.now(),
      reading,
      health,
      history,
      projects,
      names,
    });
  }

  #show(change: Partial<ServerView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
