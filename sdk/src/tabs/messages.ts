/** Names one socket of one tab. */
export type TabId = string;

/** What a tab says to the tab that has the connection. */
export type TabMessage = { readonly from: TabId } & (
  | { readonly type: 'attach' }
  | { readonly type: 'frame'; readonly frame: Frame }
  /** Somebody looks at this tab now. */
  | { readonly type: 'looked' }
  /** The tab does not use the connection any more; without a code because it found fault with it. */
  | { readonly type: 'detach'; readonly code: number | undefined }
);

/** What the tab that has the connection says to others. `leader` names its time in that part. */
export type LeaderMessage = {
  readonly leader: string;
} /** From now on it is this tab that has the connection. */ & (
  | { readonly type: 'lead' }
  | ({ readonly to: readonly TabId[] } & (
      | { readonly type: 'welcome' }
      | { readonly type: 'open' }
      | { readonly type: 'frame'; readonly frame: Frame }
      | { readonly type: 'closed'; readonly code: number }
    ))
);

/** A frame of the shared socket. */
export type Frame = string | Uint8Array<ArrayBuffer>;
