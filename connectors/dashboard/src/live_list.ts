// A list that was read once and is kept up to date by its stream of changes. Pages say what
// identifies an item, in which order items stand, and what a change is.
import type { App } from './app';
import { Failure, type Asked } from './client';
import type { Answers } from './contract';
import { reachedIs } from './now';
import type { SentEvent } from './sse';
import { Loading } from './shared/loading';
import { Stream, type StreamState } from './stream';

export interface Listed<Item> {
  at: string;
  position: string;
  next: string | null;
  items: Item[];
}
export type Change<Item> = { kind: 'put'; item: Item } | { kind: 'gone'; id: string } | null;

export interface LiveListOptions<Item> {
  list: 'worklist' | 'alerts';
  stream: 'worklistStream' | 'alertsStream';
  query: Record<string, string>;
  id(item: Item): string;
  change(event: SentEvent): Change<Item>;
  compare(a: Item, b: Item): number;
  /** Called with how many items changed by themselves. */
  changed(count: number): void;
}

/** How much a page reads at once: what a duty team can look through. */
const PAGE = 200;

export class LiveList<Item> {
  readonly loading: Loading<Listed<Item>>;
  state: StreamState = 'connecting';
  /** Ids of items that changed while the page was open. */
  readonly fresh = new Set<string>();
  private stream: Stream | null = null;

  constructor(
    private readonly app: App,
    private readonly options: LiveListOptions<Item>,
  ) {
    this.loading = new Loading(app);
  }

  get items(): Item[] {
    return this.loading.value?.items ?? [];
  }

  /** Reads the list, at least as new as a position, and follows its changes. */
  async open(position?: string): Promise<void> {
    this.stop();
    const read = await this.loading.load(() => this.readSince(position));
    if (!read) return;
    this.stream = new Stream(this.app.client, this.options.stream, this.options.query, {
      event: (event) => this.take(event),
      reset: () => this.again(),
      state: (state) => {
        this.state = state;
        this.app.redraw();
      },
    });
    this.stream.start(read.position);
  }

  stop(): void {
    this.stream?.stop();
    this.stream = null;
  }

  async more(): Promise<void> {
    const before = this.loading.value;
    if (!before?.next) return;
    const cursor = before.next;
    await this.loading.load(async () => {
      const page = await this.read({ cursor });
      const known = new Set(this.items.map((one) => this.options.id(one)));
      const added = page.items.filter((one) => !known.has(this.options.id(one)));
      return {
        ...before,
        next: page.next,
        items: [...this.items, ...added].sort(this.options.compare),
      };
    });
  }

  private async read(query: Record<string, string>): Promise<Listed<Item>> {
    const asked = { query: { ...this.options.query, limit: PAGE, ...query } } as Asked<'worklist'>;
    const answer = (await this.app.client.call(this.options.list, asked)) as Answers[
      | 'worklist'
      | 'alerts'];
    reachedIs(answer.at);
    return answer as unknown as Listed<Item>;
  }

  /**
   * At least as new as a position; where that takes too long, as it is: the stream brings the rest.
   */
  private async readSince(position?: string): Promise<Listed<Item>> {
    if (position === undefined) return this.read({});
    try {
      return await this.read({ min_position: position });
    } catch (error) {
      if (error instanceof Failure && error.kind === 'busy') return this.read({});
      throw error;
    }
  }

  /** The stream lost its place: read again, and go on from there. */
  private async again(): Promise<string> {
    const read = await this.loading.load(() => this.read({}));
    if (!read) throw this.loading.failure ?? new Failure('unreachable');
    return read.position;
  }

  private take(event: SentEvent): void {
    const value = this.loading.value;
    const change = this.options.change(event);
    if (!value || !change) return;
    const id = change.kind === 'put' ? this.options.id(change.item) : change.id;
    const others = value.items.filter((one) => this.options.id(one) !== id);
    value.items =
      change.kind === 'put' ? [...others, change.item].sort(this.options.compare) : others;
    if (change.kind === 'put') this.fresh.add(id);
    this.options.changed(1);
    this.app.redraw();
  }
}

/** Earliest due first; what has no due time last. */
export function byDue(a: { due: string | null }, b: { due: string | null }): number {
  if (a.due === b.due) return 0;
  if (a.due === null) return 1;
  if (b.due === null) return -1;
  return Date.parse(a.due) - Date.parse(b.due);
}
