// Reads Server-Sent Events (WHATWG HTML, section 9.2) out of chunks of bytes, wherever these are
// cut: inside a character, between CR and LF, inside a field name. Pure: no clock, no network.

export interface SentEvent {
  /** The last id seen so far, this event's or an earlier one's; empty: none yet. */
  id: string;
  event: string;
  data: string;
}

export class SseParser {
  /** The position to resume from; stays when the connection is lost. */
  lastId = '';
  /** Milliseconds to wait before connecting again, when the sender said so. */
  retry: number | null = null;

  private readonly decoder = new TextDecoder('utf-8');
  private line = '';
  private endedByReturn = false;
  private data: string[] = [];
  private event = '';

  /** Takes the next bytes and returns the events that they complete. */
  push(bytes: Uint8Array): SentEvent[] {
    const events: SentEvent[] = [];
    for (const one of this.decoder.decode(bytes, { stream: true })) {
      if (one === '\n' && this.endedByReturn) {
        this.endedByReturn = false;
        continue;
      }
      this.endedByReturn = one === '\r';
      if (one !== '\n' && one !== '\r') {
        this.line += one;
        continue;
      }
      const done = this.take(this.line);
      this.line = '';
      if (done) events.push(done);
    }
    return events;
  }

  private take(line: string): SentEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return null; // a comment: a sign of life
    const field = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'data') this.data.push(value);
    if (field === 'event') this.event = value;
    if (field === 'id' && !value.includes('\0')) this.lastId = value;
    if (field === 'retry' && /^[0-9]+$/.test(value)) this.retry = Number(value);
    return null;
  }

  private dispatch(): SentEvent | null {
    const { data, event } = this;
    this.data = [];
    this.event = '';
    if (data.length === 0) return null;
    return { id: this.lastId, event: event || 'message', data: data.join('\n') };
  }
}
