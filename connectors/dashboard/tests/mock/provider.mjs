// A made-up OpenID provider: discovery, an authorisation that says yes at once, and a token
// endpoint that verifies PKCE and lets a code be used once.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

export async function startProvider(makeToken, origin) {
  const codes = new Map();
  const provider = { url: '', verified: 0 };
  const cors = { 'access-control-allow-origin': origin };

  function authorize(query, response) {
    const code = randomBytes(12).toString('hex');
    codes.set(code, Object.fromEntries(query));
    const back = new URL(query.get('redirect_uri'));
    back.search = new URLSearchParams({
      code,
      state: query.get('state'),
      iss: provider.url,
    }).toString();
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(request, response) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const asked = new URLSearchParams(text);
    const kept = codes.get(asked.get('code'));
    codes.delete(asked.get('code'));
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    const fits =
      kept &&
      kept.code_challenge_method === 'S256' &&
      kept.code_challenge === challenge &&
      kept.redirect_uri === asked.get('redirect_uri') &&
      kept.client_id === asked.get('client_id');
    if (!fits)
      return response
        .writeHead(400, { ...cors, 'content-type': 'application/json' })
        .end('{"error":"invalid_grant"}');
    provider.verified += 1;
    response
      .writeHead(200, { ...cors, 'content-type': 'application/json' })
      .end(JSON.stringify({ access_token: makeToken(), token_type: 'Bearer', expires_in: 600 }));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/token') return void token(request, response);
    response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end(
      JSON.stringify({
        issuer: provider.url,
        authorization_endpoint: `${provider.url}/authorize`,
        token_endpoint: `${provider.url}/token`,
      }),
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  provider.url = `http://127.0.0.1:${server.address().port}`;
  provider.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return provider;
}
