// Charts as inline SVG: strips of shares and columns by month. Widths are percentages of the SVG,
// so that nothing is stretched on narrow screens; each kind has a pattern of its own beside its
// colour. Every chart stands beside a table with the same numbers, so it is hidden from those who
// do not see it.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';

export interface Segment {
  kind: string;
  value: number;
}
export interface Month {
  label: string;
  parts: Segment[];
}

const STRIP_HEIGHT = 22;
const COLUMNS_HEIGHT = 170;
const COLUMN_SHARE = 0.62;

const pattern = (kind: string, marks: SVGTemplateResult, size = 8): SVGTemplateResult => svg`
  <pattern id=${`fill-${kind}`} width=${size} height=${size} patternUnits="userSpaceOnUse">
    <rect width=${size} height=${size} class=${`dolen-fill dolen-fill--${kind}`}/>
    ${marks}</pattern>`;

/** The patterns; once on each page with charts. */
export const chartPatterns = (): TemplateResult =>
  html` <svg width="0" height="0" class="dolen-patterns" aria-hidden="true" focusable="false">
    <defs>
      ${pattern('us', svg``)}
      ${pattern('others', svg`<path d="M0 8 8 0M-2 2 2-2M6 10 10 6" class="dolen-mark"/>`)}
      ${pattern('paused', svg`<path d="M2 0v8M6 0v8" class="dolen-mark"/>`)}
      ${pattern('nobody', svg`<circle cx="4" cy="4" r="1.5" class="dolen-mark dolen-mark--dot"/>`)}
      ${pattern('in_time', svg``)}
      ${pattern('late', svg`<path d="M0 8 8 0M-2 2 2-2M6 10 10 6" class="dolen-mark"/>`)}
      ${pattern('late_by_report', svg`<path d="M0 4h8" class="dolen-mark"/>`)}
      ${pattern('open', svg``)}
    </defs>
  </svg>`;

const percent = (value: number): string => `${value.toFixed(3)}%`;
const fill = (kind: string): string => `url(#fill-${kind})`;

/** One bar of shares that add up to the whole. */
export function strip(segments: Segment[], whole: number): TemplateResult {
  let x = 0;
  const rects = segments
    .filter((one) => one.value > 0)
    .map((one) => {
      const width = (one.value / whole) * 100;
      const rect = svg`<rect x=${percent(x)} y="0" width=${percent(width)} height=${STRIP_HEIGHT}
      fill=${fill(one.kind)} class="dolen-chart__segment"/>`;
      x += width;
      return rect;
    });
  return html`<svg
    class="dolen-chart"
    width="100%"
    height=${STRIP_HEIGHT}
    aria-hidden="true"
    focusable="false"
  >
    ${rects}
  </svg>`;
}

/** Columns by month, their parts one upon the other. */
export function columns(months: Month[]): TemplateResult {
  const largest = Math.max(
    1,
    ...months.map((one) => one.parts.reduce((sum, part) => sum + part.value, 0)),
  );
  const slot = 100 / Math.max(1, months.length);
  const rects: SVGTemplateResult[] = [];
  months.forEach((month, place) => {
    let y = COLUMNS_HEIGHT;
    for (const part of month.parts) {
      const height = (part.value / largest) * (COLUMNS_HEIGHT - 4);
      if (height === 0) continue;
      y -= height;
      const x = (place + (1 - COLUMN_SHARE) / 2) * slot;
      rects.push(svg`<rect x=${percent(x)} y=${y} width=${percent(slot * COLUMN_SHARE)}
        height=${height} fill=${fill(part.kind)} class="dolen-chart__segment"/>`);
    }
  });
  return html` <div class="dolen-columns" aria-hidden="true">
    <span class="dolen-columns__largest">${largest}</span>
    <svg class="dolen-chart" width="100%" height=${COLUMNS_HEIGHT} focusable="false">
      <line x1="0" x2="100%" y1="1" y2="1" class="dolen-chart__grid" />
      <line
        x1="0"
        x2="100%"
        y1=${COLUMNS_HEIGHT / 2}
        y2=${COLUMNS_HEIGHT / 2}
        class="dolen-chart__grid"
      />
      ${rects}
      <line x1="0" x2="100%" y1=${COLUMNS_HEIGHT} y2=${COLUMNS_HEIGHT} class="dolen-chart__axis" />
    </svg>
    <ol class="dolen-columns__labels">
      ${months.map((month) => html`<li>${month.label}</li>`)}
    </ol>
  </div>`;
}

export const legend = (kinds: Array<[string, string]>): TemplateResult =>
  html` <ul class="dolen-legend">
    ${kinds.map(
      ([kind, text]) =>
        html` <li>
          <svg width="22" height="14" aria-hidden="true" focusable="false">
            <rect width="22" height="14" fill=${fill(kind)} class="dolen-chart__segment" /></svg
          >${text}
        </li>`,
    )}
  </ul>`;

/**
 * A clock on the line of a child's life: a bar from start to close, and a mark where it was due.
 */
export function lane(
  from: number,
  to: number,
  start: number,
  end: number,
  due: number | null,
  kind: string,
): TemplateResult {
  const place = (at: number): number =>
    to === from ? 0 : Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
  const x = place(start);
  const width = Math.max(0.8, place(end) - x);
  return html` <svg
    class="dolen-lane"
    width="100%"
    height="16"
    aria-hidden="true"
    focusable="false"
  >
    <line x1="0" x2="100%" y1="8" y2="8" class="dolen-chart__grid" />
    <rect
      x=${`${x}%`}
      y="3"
      width=${`${width}%`}
      height="10"
      fill=${fill(kind)}
      class="dolen-chart__segment"
    />
    ${due === null || due > to
      ? ''
      : svg`<line x1=${`${place(due)}%`} x2=${`${place(due)}%`} y1="0" y2="16"
        class="dolen-lane__due"/>`}
  </svg>`;
}
