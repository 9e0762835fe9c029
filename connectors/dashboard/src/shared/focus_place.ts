// Where the focus is before a page is drawn again. A live update may move a row, or draw it anew in
// another group: the focus follows the row, by its data-row, to what stood at the same place in it.

const STOPS = 'a[href], button, input, select, textarea, summary';

const stopsOf = (row: Element): HTMLElement[] => [...row.querySelectorAll<HTMLElement>(STOPS)];

export class FocusPlace {
  private readonly element =
    document.activeElement instanceof HTMLElement ? document.activeElement : null;
  private readonly row: string | undefined;
  private readonly stop: number;

  constructor() {
    const row = this.element?.closest<HTMLElement>('[data-row]') ?? null;
    this.row = row?.dataset.row;
    this.stop = row && this.element ? stopsOf(row).indexOf(this.element) : -1;
  }

  restore(): void {
    if (!this.element || this.element === document.body || document.activeElement !== document.body)
      return;
    if (this.element.isConnected) return this.element.focus({ preventScroll: true });
    if (this.row === undefined || this.stop < 0) return;
    const row = document.querySelector(`[data-row="${CSS.escape(this.row)}"]`);
    if (row) stopsOf(row)[this.stop]?.focus({ preventScroll: true });
  }
}
