// Who reads here and why: the token, what it opens, and the purpose that goes on record with each
// read. Held in memory and in sessionStorage only, so that all of it is gone with the tab.
import type { Me } from './contract';

export type Purpose = Me['purposes'][number];
export type PageRight = Me['pages'][number];

const TOKEN = 'dolen.token';
const PURPOSE = 'dolen.purpose';
const RETURN = 'dolen.return';
const EMERGENCIES = 'dolen.emergencies';

export class Session {
  token: string | null = sessionStorage.getItem(TOKEN);
  me: Me | null = null;
  purpose: Purpose | null = sessionStorage.getItem(PURPOSE) as Purpose | null;
  /** Child key to the instant at which the emergency access ends. */
  private emergencies: Record<string, string> = JSON.parse(
    sessionStorage.getItem(EMERGENCIES) ?? '{}',
  ) as Record<string, string>;

  signIn(token: string): void {
    this.token = token;
    sessionStorage.setItem(TOKEN, token);
  }

  signOut(): void {
    this.token = null;
    this.me = null;
    this.purpose = null;
    this.emergencies = {};
    for (const key of [TOKEN, PURPOSE, EMERGENCIES]) sessionStorage.removeItem(key);
  }

  choosePurpose(purpose: Purpose): void {
    this.purpose = purpose;
    sessionStorage.setItem(PURPOSE, purpose);
  }

  /** Purposes that can be chosen once for all reads; an emergency is always of one child. */
  choices(): Purpose[] {
    return (this.me?.purposes ?? []).filter((one) => one !== 'emergency');
  }

  may(right: PageRight): boolean {
    return this.me?.pages.includes(right) ?? false;
  }

  mayBreakGlass(): boolean {
    return this.me?.purposes.includes('emergency') ?? false;
  }

  emergencyGranted(child: string, until: string): void {
    this.emergencies[child] = until;
    sessionStorage.setItem(EMERGENCIES, JSON.stringify(this.emergencies));
  }

  /** The purpose of a read about this child: an emergency while one is open. */
  purposeFor(child?: string): Purpose | null {
    const until = child === undefined ? undefined : this.emergencies[child];
    return until !== undefined && Date.parse(until) > Date.now() ? 'emergency' : this.purpose;
  }

  /** Where to go on after signing in. */
  comeBackTo(path: string): void {
    sessionStorage.setItem(RETURN, path);
  }

  takeReturn(): string | null {
    const path = sessionStorage.getItem(RETURN);
    sessionStorage.removeItem(RETURN);
    return path;
  }
}
