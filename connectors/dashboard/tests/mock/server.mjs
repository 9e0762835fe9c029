// A made-up installation: serves the built dashboard as the program will, under its content policy,
// and answers the API about invented people. What it answers and what it is asked is held against
// the contract.
//
// Run by itself to look around: node tests/mock/server.mjs [PORT]
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Contract } from './contract.mjs';
import { alertsOf, handoversOf, holdingsOf, silenceOf, trailOf, workOf } from './lists.mjs';
import { lifeAt, livesOf } from './life.mjs';
import { delayOf, flowOf, performanceOf, readsOf, rulesOf } from './numbers.mjs';
import { CHILDREN, PEOPLE, STRANGER, WORDS } from './rules.mjs';
import { after, iso } from './times.mjs';

export const builtFolder =
  process.env.DOLEN_DASHBOARD_OUT ??
  fileURLToPath(new URL('../../../../build/dashboard/', import.meta.url));

const RIGHTS = {
  worklist: 'worklist',
  worklistStream: 'worklist',
  alerts: 'alerts',
  alertsStream: 'alerts',
  alert: 'alerts',
  alertActions: 'alerts',
  findChild: 'children',
  timeline: 'children',
  readers: 'children',
  emergency: 'children',
  handovers: 'handovers',
  holdings: 'handovers',
  delay: 'numbers',
  performance: 'numbers',
  flow: 'numbers',
  silence: 'numbers',
  rules: 'rules',
  words: 'rules',
  audit: 'audit',
};

class Refusal extends Error {
  constructor(status, code, detail, title = 'It cannot be answered') {
    super(detail);
    this.status = status;
    this.problem = { type: `https://dolen.example/problems/${code}`, title, status, detail, code };
  }
}

export class MockServer {
  contract = new Contract();
  tokens = new Map();
  streams = new Set();
  /** Every request as METHOD PATH, for tests that nothing personal is in an address. */
  requests = [];
  emergencies = new Set();
  position = 1;
  /** Set by tests: 'down' closes connections, 'busy' answers 503. */
  fault = null;
  /** For how long tokens are good. */
  hoursLeft = 8;
  /** Until tests say otherwise every position is reached at once. */
  isBehind = false;
  /** At most so many on a page, whatever is asked for. */
  pageSize = 200;
  signInKind = { kind: 'development' };
  extraConnect = '';

  constructor(at = Date.now()) {
    this.at = Math.floor(at / 1000) * 1000;
    this.began = Date.now();
    this.work = workOf(this.at);
    this.openAlerts = alertsOf(this.at, this.work);
    this.trails = new Map(this.openAlerts.map((one) => [one.alert_id, trailOf(this.at, one)]));
    this.lives = livesOf(this.at);
    const manifest = JSON.parse(readFileSync(`${builtFolder}/manifest.json`, 'utf8'));
    this.policy = manifest.content_security_policy;
    this.files = new Map(manifest.files.map((one) => [`/${one.path}`, one]));
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  listen(port = 0) {
    return new Promise((done) =>
      this.server.listen(port, '127.0.0.1', () => {
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        done(this.url);
      }),
    );
  }

  close() {
    for (const one of this.streams) one.response.destroy();
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  now = () => this.at + (Date.now() - this.began);

  // ---- what tests do ----------------------------------------------------------------------------

  push(stream, event, data) {
    const id = `p-${++this.position}`;
    for (const one of this.streams) {
      if (one.stream === stream)
        one.response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  }

  cutStreams() {
    for (const one of this.streams) one.response.destroy();
  }

  // ---- serving ----------------------------------------------------------------------------------

  async serve(request, response) {
    const url = new URL(request.url, 'http://localhost');
    this.requests.push(`${request.method} ${request.url}`);
    if (this.fault === 'down' && url.pathname.startsWith('/v1/')) return request.socket.destroy();
    if (!url.pathname.startsWith('/v1/')) return this.file(request, response, url.pathname);
    const found = this.contract.find(request.method, url.pathname);
    if (!found) return this.send(request, response, 404, { status: 404 });
    try {
      const body = await this.bodyOf(request, found);
      this.contract.checkQuery(found, url.searchParams);
      const asker = this.askerOf(request, found);
      if (this.fault === 'busy' && found.id !== 'me')
        throw new Refusal(503, 'not_now', 'The record is being read again; try again in a minute.');
      const query = Object.fromEntries(url.searchParams);
      if (query.min_position && this.isBehind) {
        throw new Refusal(503, 'not_folded', 'The record has not come so far yet; try again.');
      }
      if (found.id.endsWith('Stream')) return this.stream(request, response, found, query);
      const answer = this.answer(found, asker, query, body);
      this.contract.checkAnswer(found, 200, answer);
      if (request.headers.accept === 'text/csv') return this.table(response, answer.rows);
      this.send(request, response, 200, answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.contract.checkAnswer(found, error.status, error.problem);
      this.send(request, response, error.status, error.problem, 'application/problem+json');
    }
  }

  send(request, response, status, value, type = 'application/json') {
    const text = Buffer.from(JSON.stringify(value));
    const packed = text.length > 1024 && /gzip/.test(request.headers['accept-encoding'] ?? '');
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'private, no-store',
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    });
    response.end(packed ? gzipSync(text) : text);
  }

  /** Columns of texts and numbers only. */
  table(response, rows) {
    const names = Object.keys(rows[0] ?? {}).filter((name) => typeof rows[0][name] !== 'object');
    const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
    response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8; header=present' });
    response.end(lines.map((line) => `${line.join(',')}\r\n`).join(''));
  }

  file(request, response, path) {
    const isPage = path === '/' || /^\/(en|cy)(\/|$)/.test(path);
    const entry = this.files.get(isPage ? '/index.html' : path);
    if (!entry) {
      response.writeHead(404, { 'content-type': 'text/plain' });
      return response.end('not there');
    }
    response.writeHead(200, {
      'content-type': entry.content_type,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': this.policy.replace(
        "connect-src 'self'",
        `connect-src 'self'${this.extraConnect}`,
      ),
      'cache-control': entry.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(readFileSync(`${builtFolder}/${entry.path}`));
  }

  async bodyOf(request, found) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? undefined : JSON.parse(text);
    if (request.method === 'POST') this.contract.checkBody(found, body);
    return body;
  }

  askerOf(request, found) {
    if (!this.contract.needsToken(found.operation)) return null;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const id = this.tokens.get(token);
    if (!id)
      throw new Refusal(
        401,
        'not_signed_in',
        'There is no token, or it is not accepted; sign in again.',
      );
    const person = { id, ...PEOPLE[id], purpose: request.headers['dolen-purpose'] };
    if (this.contract.needsPurpose(found.operation)) {
      if (!person.purpose)
        throw new Refusal(400, 'purpose_missing', 'Say in Dolen-Purpose why you ask.');
      if (!person.purposes.includes(person.purpose))
        throw new Refusal(403, 'purpose_not_yours', 'You may not state this purpose.');
    }
    const right = RIGHTS[found.id];
    if (right && !person.pages.includes(right))
      throw new Refusal(403, 'page_not_yours', 'Your role does not open this.');
    return person;
  }

  stream(request, response, found, query) {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 200\n\n: hello\n\n');
    const last = request.headers['last-event-id'] ?? query.after ?? '';
    const one = { response, stream: found.id, last };
    this.streams.add(one);
    response.on('close', () => this.streams.delete(one));
    if (last === 'gone') response.write('event: reset\ndata: \n\n');
  }

  // ---- answers ----------------------------------------------------------------------------------

  answer(found, asker, query, body) {
    const [argument] = found.arguments;
    const page = () => ({ at: iso(this.now()), position: `p-${this.position}`, next: null });
    const hide = asker?.agency === 'bwrdd_dyffryn';
    const own = asker?.agency === 'gwynfryn_council';
    switch (found.id) {
      case 'signIn':
        return this.signInKind.kind === 'oidc'
          ? this.signInKind
          : {
              kind: 'development',
              people: Object.entries(PEOPLE).map(([id, { name, agency, roles }]) => ({
                id,
                name,
                agency,
                agency_name: WORDS.find((one) => one.code === agency)?.title ?? {
                  en: agency,
                  cy: agency,
                },
                roles,
              })),
            };
      case 'developmentToken':
        return this.tokenFor(body.id);
      case 'me': {
        const { agency, roles, teams, purposes, pages } = asker;
        return {
          subject: asker.id,
          agency,
          roles,
          teams,
          purposes,
          pages,
          until: after(Date.now(), this.hoursLeft),
        };
      }
      case 'worklist':
        return { ...page(), ...this.paged(own ? this.work[query.whose ?? 'mine'] : [], query) };
      case 'alerts':
        return { ...page(), ...this.paged(own ? this.openAlerts : [], query) };
      case 'alert':
        return { at: iso(this.now()), position: `p-${this.position}`, ...this.alert(argument) };
      case 'alertActions':
        return this.act(asker, body);
      case 'findChild':
        return this.findChild(body);
      case 'timeline':
        return this.timeline(asker, argument, query);
      case 'readers':
        return this.reads(
          (one) => one.children.includes(this.known(asker, argument).child.key),
          query,
        );
      case 'emergency':
        return this.breakGlass(asker, body);
      case 'handovers':
        return {
          ...page(),
          ...this.paged(
            (own ? handoversOf(this.at) : []).filter(
              (one) => !query.kind || one.kind === query.kind,
            ),
            query,
          ),
        };
      case 'holdings':
        return { ...page(), ...this.paged(own ? holdingsOf(this.at) : [], query) };
      case 'delay':
        return delayOf(this.at, query, hide);
      case 'performance':
        return performanceOf(this.at, query, hide);
      case 'flow':
        return flowOf(this.at, query, hide);
      case 'silence':
        return { at: iso(this.now()), position: `p-${this.position}`, rows: silenceOf(this.at) };
      case 'rules':
        return rulesOf(this.at);
      case 'words':
        return { words: WORDS };
      case 'audit':
        return this.reads(
          (one) =>
            (!query.child || one.children.includes(query.child)) &&
            (!query.subject || one.subject === query.subject),
          query,
        );
      default:
        throw new Error(`mock: no answer to ${found.id}`);
    }
  }

  tokenFor(id) {
    if (!PEOPLE[id]) throw new Refusal(404, 'nobody', 'There is nobody of this id.');
    const token = randomBytes(12).toString('hex');
    this.tokens.set(token, id);
    return { access_token: token, expires_in: 28800 };
  }

  alert(id) {
    const alert = this.openAlerts.find((one) => one.alert_id === id);
    if (!alert)
      throw new Refusal(404, 'not_there', 'There is no such alert, or it is not to be known.');
    return { alert, trail: this.trails.get(id) };
  }

  act(asker, deed) {
    if (deed.did !== 'acknowledged' && deed.did !== 'assigned' && !deed.note)
      throw new Refusal(400, 'note_missing', 'Say why in a note.');
    for (const id of deed.alerts) {
      const { alert, trail } = this.alert(id);
      trail.push({
        at: iso(this.now()),
        kind: 'action',
        state: deed.did,
        by: asker.id,
        note: deed.note ?? '',
        due: null,
      });
      if (deed.did === 'noted') continue;
      alert.state = deed.did;
      alert.number += 1;
      if (deed.did === 'assigned') alert.assigned_to = deed.to;
      alert.until = deed.until ?? after(this.now(), 24);
      this.push('alertsStream', 'alert', alert);
      for (const item of [...this.work.mine, ...this.work.waiting]) {
        if (item.alert?.alert_id !== id) continue;
        item.alert = { ...item.alert, state: alert.state, assigned_to: alert.assigned_to };
        this.push('worklistStream', 'item', item);
      }
    }
    return { alerts: deed.alerts.length, position: `p-${this.position}` };
  }

  findChild({ issuer, value }) {
    const child = Object.values(CHILDREN).find((one) => issuer === 'nhs' && one.nhs === value);
    if (!child)
      throw new Refusal(404, 'not_there', 'There is no such child, or it is not to be known.');
    return { child: child.key };
  }

  known(asker, key) {
    const life = this.lives.get(key);
    const isOpen =
      key !== STRANGER.key || (asker.purpose === 'emergency' && this.emergencies.has(key));
    if (!life || !isOpen)
      throw new Refusal(404, 'not_there', 'There is no such child, or it is not to be known.');
    return life;
  }

  breakGlass(asker, { child, issuer, value }) {
    if (asker.purpose !== 'emergency')
      throw new Refusal(403, 'no_emergency', 'State the purpose emergency.');
    const key =
      child ??
      [...this.lives.values()].find((one) => issuer === 'nhs' && one.child.nhs === value)?.child
        .key;
    if (!this.lives.has(key))
      throw new Refusal(404, 'not_there', 'There is no such child, or it is not to be known.');
    this.emergencies.add(key);
    return { child: key, until: after(Date.now(), 1) };
  }

  timeline(asker, key, query) {
    const { child, ...life } = this.known(asker, key);
    const { at, ...seen } = lifeAt(life, this.now(), query.as_of, query.known_at);
    const events = this.paged(seen.events, query);
    const isPast = Boolean(query.as_of ?? query.known_at);
    return {
      child: key,
      at: iso(at),
      reached: iso(this.now()),
      position: `p-${this.position}`,
      as_of: query.as_of ? iso(at) : null,
      known_at: query.known_at ? iso(at) : null,
      emergency_until: asker.purpose === 'emergency' ? after(Date.now(), 1) : null,
      name: child.name,
      identifiers: [{ issuer: 'nhs', value: child.nhs }],
      language: life.language,
      ...seen,
      events: events.items,
      next: events.next,
      alerts: isPast ? null : this.openAlerts.filter((one) => one.child === key),
    };
  }

  /** As many as were asked for, or as tests want; the cursor says where the next page begins. */
  paged(all, query) {
    const from = Number(query.cursor ?? 0);
    const to = from + Math.min(Number(query.limit ?? 50), this.pageSize);
    return { items: all.slice(from, to), next: to < all.length ? String(to) : null };
  }

  reads(fits, query) {
    const items = readsOf(
      this.at,
      Object.values(CHILDREN).map((one) => one.key),
    ).filter(fits);
    return { head: { number: 214, hash: 'ab12'.repeat(16) }, ...this.paged(items, query) };
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = new MockServer();
  console.log(await server.listen(Number(process.argv[2] ?? 8088)));
}
