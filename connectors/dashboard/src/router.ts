// Paths and pages. Every page has the same path in both languages: /en/alerts and /cy/alerts.
// Nothing personal is ever in a path: a child is named by its opaque key, an alert by its id.
import type { PageRight } from './session';
import { language, otherLanguage, type Language } from './words';

export type PageName =
  | 'now'
  | 'alerts'
  | 'alert'
  | 'children'
  | 'child'
  | 'family'
  | 'readers'
  | 'emergency'
  | 'handovers'
  | 'delays'
  | 'agencies'
  | 'rules'
  | 'what_if'
  | 'audit'
  | 'sign_in'
  | 'signed_in'
  | 'purpose'
  | 'missing';

export interface Route {
  language: Language | null;
  page: PageName;
  arguments: string[];
  query: URLSearchParams;
}

interface Known {
  page: PageName;
  pattern: string[];
  /** What a person must be allowed to open; null: everybody. */
  right: PageRight | null;
}

const CHILD = '([0-9a-f]{32})';

const PAGES: Known[] = [
  { page: 'now', pattern: ['now'], right: 'worklist' },
  { page: 'alerts', pattern: ['alerts'], right: 'alerts' },
  { page: 'alert', pattern: ['alerts', CHILD], right: 'alerts' },
  { page: 'children', pattern: ['children'], right: 'children' },
  { page: 'child', pattern: ['children', CHILD], right: 'children' },
  { page: 'family', pattern: ['children', CHILD, 'family'], right: 'children' },
  { page: 'readers', pattern: ['children', CHILD, 'readers'], right: 'children' },
  { page: 'emergency', pattern: ['children', CHILD, 'emergency'], right: 'children' },
  { page: 'handovers', pattern: ['handovers'], right: 'handovers' },
  { page: 'delays', pattern: ['delays'], right: 'numbers' },
  { page: 'agencies', pattern: ['agencies'], right: 'numbers' },
  { page: 'rules', pattern: ['rules'], right: 'rules' },
  { page: 'what_if', pattern: ['rules', 'what-if'], right: 'rules' },
  { page: 'audit', pattern: ['audit'], right: 'audit' },
  { page: 'sign_in', pattern: ['sign-in'], right: null },
  { page: 'signed_in', pattern: ['signed-in'], right: null },
  { page: 'purpose', pattern: ['purpose'], right: null },
];

export const rightOf = (page: PageName): PageRight | null =>
  PAGES.find((one) => one.page === page)?.right ?? null;

function argumentsOf(pattern: string[], segments: string[]): string[] | null {
  if (pattern.length !== segments.length) return null;
  const found: string[] = [];
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (expected === CHILD) {
      if (!/^[0-9a-f]{32}$/.test(segment)) return null;
      found.push(segment);
    } else if (expected !== segment) {
      return null;
    }
  }
  return found;
}

export function routeOf(path: string, search = ''): Route {
  const segments = path.split('/').filter((one) => one !== '');
  const query = new URLSearchParams(search);
  const first = segments[0];
  const chosen: Language | null = first === 'en' || first === 'cy' ? first : null;
  const rest = chosen ? segments.slice(1) : segments;
  if (rest.length === 0) return { language: chosen, page: 'now', arguments: [], query };
  for (const known of PAGES) {
    const found = argumentsOf(known.pattern, rest);
    if (found) return { language: chosen, page: known.page, arguments: found, query };
  }
  return { language: chosen, page: 'missing', arguments: [], query };
}

export function pathTo(page: PageName, child = '', query: Record<string, string> = {}): string {
  const known = PAGES.find((one) => one.page === page);
  const segments = (known?.pattern ?? []).map((one) => (one === CHILD ? child : one));
  const asked = new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== ''),
  ).toString();
  return `/${[language(), ...segments].join('/')}${asked === '' ? '' : `?${asked}`}`;
}

/** The same page in the other language. */
export function inOtherLanguage(path: string, search: string): string {
  const rest = path.replace(/^\/(en|cy)(?=\/|$)/, '');
  return `/${otherLanguage()}${rest === '' || rest === '/' ? '/now' : rest}${search}`;
}
