// One open stream of changes (Server-Sent Events by fetch, since EventSource cannot send a token).
// When it is lost it is opened again from the last position, after a pause that doubles up to half
// a minute; a sender that says nothing for too long counts as lost.
import { Failure, type Client } from './client';
import { SseParser, type SentEvent } from './sse';

export type StreamState = 'connecting' | 'live' | 'waiting' | 'ended';

export interface StreamReader {
  event(event: SentEvent): void;
  /** The position is gone: what was read must be read again. Returns the position to go on from. */
  reset(): Promise<string>;
  state(state: StreamState): void;
}

/** Pings come every 15 s; three missed ones in a row are no accident. */
export const SILENCE_MS = 45_000;
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 30_000;

/** The pause before try number n, from 0, with up to a quarter taken off so that readers spread. */
export function pauseBefore(n: number, told: number | null, chance: number): number {
  const first = Math.max(told ?? FIRST_PAUSE_MS, 100);
  return Math.min(first * 2 ** Math.min(n, 10), LONGEST_PAUSE_MS) * (1 - chance / 4);
}

export class Stream {
  private readonly stopping = new AbortController();
  private parser = new SseParser();
  private failures = 0;

  constructor(
    private readonly client: Client,
    private readonly operation: 'worklistStream' | 'alertsStream',
    private readonly query: Record<string, string>,
    private readonly reader: StreamReader,
  ) {}

  start(after: string): void {
    this.parser.lastId = after;
    void this.run();
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.reader.state('connecting');
      const ended = await this.connect();
      if (this.stopping.signal.aborted) return;
      if (ended) return this.reader.state('ended');
      this.reader.state('waiting');
      await this.pause(pauseBefore(this.failures++, this.parser.retry, Math.random()));
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.stopping.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          done();
        },
        { once: true },
      );
    });
  }

  /** True: it makes no sense to try again. */
  private async connect(): Promise<boolean> {
    const lost = new AbortController();
    const stop = () => lost.abort();
    this.stopping.signal.addEventListener('abort', stop);
    try {
      const last = this.parser.lastId;
      const response = await this.client.fetch(
        this.operation,
        { query: { ...this.query }, signal: lost.signal },
        { accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) },
      );
      if (response.body) await this.read(response.body.getReader(), lost);
      return false;
    } catch (error) {
      return (
        error instanceof Failure &&
        (error.kind === 'signed_out' || error.kind === 'forbidden' || error.kind === 'not_found')
      );
    } finally {
      this.stopping.signal.removeEventListener('abort', stop);
      lost.abort();
    }
  }

  private async read(body: ReadableStreamDefaultReader<Uint8Array>, lost: AbortController) {
    let watch = setTimeout(() => lost.abort(), SILENCE_MS);
    // A new connection is a new stream of bytes; what was half read is sent again after its
    // position.
    const { lastId, retry } = this.parser;
    this.parser = Object.assign(new SseParser(), { lastId, retry });
    this.reader.state('live');
    try {
      for (;;) {
        const { done, value } = await body.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(() => lost.abort(), SILENCE_MS);
        this.failures = 0;
        for (const event of this.parser.push(value)) {
          if (event.event === 'reset') this.parser.lastId = await this.reader.reset();
          else this.reader.event(event);
        }
      }
    } finally {
      clearTimeout(watch);
    }
  }
}
