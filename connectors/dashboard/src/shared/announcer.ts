// The polite live region: what changes without being asked for is said there, at most every ten
// seconds, the last of several texts of one kind. What a person did is said at once.
export const PAUSE_MS = 10_000;

export class Announcer {
  private waiting: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly say: (text: string) => void,
    private readonly pause = PAUSE_MS,
  ) {}

  /** What a person's own doing led to. Nothing that comes by itself talks over it for a while. */
  now(text: string): void {
    this.say(text);
    this.rest();
  }

  /** What came by itself: the newest text replaces one that still waits. */
  politely(text: string): void {
    this.waiting = text;
    if (this.timer !== null) return;
    this.flush();
  }

  private flush(): void {
    if (this.waiting === null) {
      this.timer = null;
      return;
    }
    this.say(this.waiting);
    this.waiting = null;
    this.rest();
  }

  private rest(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.pause);
  }
}
