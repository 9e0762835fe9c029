// Asks the API. One call for each operation of the contract, typed by src/contract.ts. Every
// failure is a Failure: what the program answered (RFC 9457), or that it could not be reached.
import {
  operations,
  type Answers,
  type Bodies,
  type InPath,
  type Problem,
  type Queries,
} from './contract';
import type { Session } from './session';

export type Operation = keyof typeof operations;
export type FailureKind =
  | 'unreachable'
  | 'signed_out'
  | 'forbidden'
  | 'not_found'
  | 'busy'
  | 'refused';

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly problem: Problem | null = null,
  ) {
    super(problem?.detail ?? kind);
  }
}

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** In place of the session's purpose; of use with emergencies. */
  purpose?: string;
  signal?: AbortSignal;
}

type PathOf<O> = O extends keyof InPath ? { path: InPath[O] } : { path?: undefined };
type BodyOf<O> = O extends keyof Bodies ? { body: Bodies[O] } : { body?: undefined };
export type Asked<O extends Operation> = {
  query?: Queries[O];
  purpose?: string;
  signal?: AbortSignal;
} & PathOf<O> &
  BodyOf<O>;

const KINDS: Record<number, FailureKind> = {
  401: 'signed_out',
  403: 'forbidden',
  404: 'not_found',
  429: 'busy',
  503: 'busy',
};

export function addressOf(operation: Operation, parts: Pick<Parts, 'path' | 'query'>): string {
  const path = operations[operation].path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parts.path?.[name] ?? ''),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const asked = query.toString();
  return asked === '' ? path : `${path}?${asked}`;
}

async function problemOf(response: Response): Promise<Problem | null> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return null;
  return (await response.json().catch(() => null)) as Problem | null;
}

export class Client {
  constructor(
    private readonly session: Session,
    private readonly signedOut: () => void,
  ) {}

  /** Sends the request and fails as a Failure; used for whole answers and for streams. */
  async fetch(
    operation: Operation,
    parts: Parts,
    more: Record<string, string> = {},
  ): Promise<Response> {
    const known = operations[operation];
    const headers: Record<string, string> = { accept: 'application/json', ...more };
    if (!known.open && this.session.token) headers.authorization = `Bearer ${this.session.token}`;
    const purpose = parts.purpose ?? this.session.purposeFor(parts.path?.child);
    if (known.purpose && purpose) headers['dolen-purpose'] = purpose;
    if (parts.body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = {
      method: known.method,
      headers,
      cache: 'no-store',
      credentials: 'omit',
    };
    if (parts.body !== undefined) init.body = JSON.stringify(parts.body);
    if (parts.signal) init.signal = parts.signal;
    let response: Response;
    try {
      response = await fetch(addressOf(operation, parts), init);
    } catch (error) {
      if (parts.signal?.aborted) throw error;
      throw new Failure('unreachable');
    }
    if (response.ok) return response;
    const failure = new Failure(KINDS[response.status] ?? 'refused', await problemOf(response));
    if (failure.kind === 'signed_out' && !known.open) this.signedOut();
    throw failure;
  }

  async call<O extends keyof Answers & Operation>(
    operation: O,
    asked: Asked<O>,
  ): Promise<Answers[O]> {
    const response = await this.fetch(operation, asked as Parts);
    return (await response.json()) as Answers[O];
  }
}
