// The two languages. Every text a person reads comes from the catalogues in words/, by a key that
// both of them have; what the API says in both languages is chosen here too.
import { cy } from './words/cy';
import { en } from './words/en';
import type { Text } from './contract';

export type Language = 'en' | 'cy';
export type Key = keyof typeof en;

/** A text, or its plural forms; Welsh has six (CLDR). */
export type Entry = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Values = Record<string, string | number>;

const catalogues: Record<Language, Record<Key, Entry>> = { en, cy };
const REMEMBERED = 'dolen.language';

let current: Language = 'en';

export const language = (): Language => current;
export const otherLanguage = (): Language => (current === 'en' ? 'cy' : 'en');

export function setLanguage(to: Language): void {
  current = to;
  document.documentElement.lang = to;
  localStorage.setItem(REMEMBERED, to);
}

/** For tests, which have no document. */
export function useLanguage(to: Language): void {
  current = to;
}

export function rememberedLanguage(): Language {
  const kept = localStorage.getItem(REMEMBERED);
  if (kept === 'en' || kept === 'cy') return kept;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('cy')) ? 'cy' : 'en';
}

/** CLDR's cardinal rule for Welsh, for browsers that ship without it. */
export function welshForm(n: number): Intl.LDMLPluralRule {
  if (n === 0) return 'zero';
  if (n === 1) return 'one';
  if (n === 2) return 'two';
  if (n === 3) return 'few';
  return n === 6 ? 'many' : 'other';
}

const welshKnown = Intl.PluralRules.supportedLocalesOf('cy').length > 0;
const rules: Record<Language, (n: number) => Intl.LDMLPluralRule> = {
  en: (n) => (n === 1 ? 'one' : 'other'),
  cy: welshKnown ? (n) => new Intl.PluralRules('cy').select(n) : welshForm,
};

/** The text of a key in the language in use; {name} is replaced, n chooses the plural form. */
export function t(key: Key, values: Values = {}): string {
  return textIn(current, key, values);
}

export function textIn(which: Language, key: Key, values: Values = {}): string {
  const entry = catalogues[which][key];
  const n = typeof values.n === 'number' ? values.n : 0;
  const pattern = typeof entry === 'string' ? entry : (entry[rules[which](n)] ?? entry.other);
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat('en-GB').format(value) : value;
  });
}

/** What a book may name: its codes are open vocabularies. All others are the contract's own. */
const NAMED_BY_BOOKS = ['party', 'event', 'reason', 'part', 'level'];
let named = new Map<string, Text>();

/** From now on these codes are called as the published books call them. */
export function nameCodes(words: Array<{ code: string; title: Text }>): void {
  named = new Map(words.map((one) => [one.code, one.title]));
}

/** What a code is called: by the books, else by the catalogues, else in plain words. */
export function coded(prefix: string, code: string): string {
  const title = NAMED_BY_BOOKS.includes(prefix) ? named.get(code) : undefined;
  if (title) return said(title);
  const key = `${prefix}_${code}`;
  return key in en ? t(key as Key) : plain(code);
}

/** A code in lower_snake_case, or an agency's short id, as words: nobody has named it. */
export function plain(code: string): string {
  const words = code
    .replace(/^agency:/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const said = (text: Text): string => text[current] || text.en;
