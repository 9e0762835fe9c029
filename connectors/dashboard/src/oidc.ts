// Signing in with the organisation's own provider: OAuth 2.0 authorization code with PKCE (RFC
// 7636, RFC 9700), as a public client. The server's content policy must allow connections to the
// issuer.
import type { SignIn } from './contract';

const PENDING = 'dolen.sign_in';

interface Provider {
  authorization_endpoint: string;
  token_endpoint: string;
  issuer: string;
}
interface Pending {
  verifier: string;
  state: string;
  issuer: string;
  client: string;
  token: string;
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const chance = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

export const returnAddress = (): string => `${location.origin}/en/signed-in`;

async function providerOf(issuer: string): Promise<Provider> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    credentials: 'omit',
  });
  const provider = (await response.json()) as Provider;
  if (provider.issuer !== issuer)
    throw new Error('the provider names another issuer than this installation');
  return provider;
}

/** Leaves this page for the provider's. */
export async function leaveForProvider(how: SignIn): Promise<void> {
  if (!how.issuer || !how.client_id) throw new Error('this installation names no provider');
  const provider = await providerOf(how.issuer);
  const pending: Pending = {
    verifier: chance(),
    state: chance(),
    issuer: how.issuer,
    client: how.client_id,
    token: provider.token_endpoint,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: how.client_id,
    redirect_uri: returnAddress(),
    scope: how.scope ?? 'openid',
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
  });
  location.assign(`${provider.authorization_endpoint}?${asked.toString()}`);
}

/** Back from the provider: the code for a token. Throws what a person can be told. */
export async function tokenForCode(query: URLSearchParams): Promise<string> {
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as Pending | null;
  sessionStorage.removeItem(PENDING);
  const code = query.get('code');
  if (!pending || !code || query.get('state') !== pending.state)
    throw new Error('not asked for here');
  const issuer = query.get('iss');
  if (issuer !== null && issuer !== pending.issuer) throw new Error('answered by another issuer');
  const response = await fetch(pending.token, {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: returnAddress(),
      client_id: pending.client,
      code_verifier: pending.verifier,
    }),
  });
  if (!response.ok) throw new Error(`the provider answered ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}
