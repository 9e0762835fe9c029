// Holds every answer and every body of a request against deploy/api/openapi.json.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const document = JSON.parse(
  readFileSync(new URL('../../../../deploy/api/openapi.json', import.meta.url), 'utf8'),
);

export class Contract {
  violations = [];
  operations = [];

  constructor() {
    this.ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
    this.ajv.addSchema(document, 'openapi');
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
        this.operations.push({
          id: operation.operationId,
          method: method.toUpperCase(),
          path,
          pattern,
          operation,
        });
      }
    }
  }

  /** The operation of a request, with the arguments of its path. */
  find(method, path) {
    for (const one of this.operations) {
      const found = one.method === method && one.pattern.exec(path);
      if (found) return { ...one, arguments: found.slice(1).map(decodeURIComponent) };
    }
    return null;
  }

  needsPurpose(operation) {
    return (operation.parameters ?? []).some((one) => one.$ref?.endsWith('/Purpose'));
  }

  needsToken(operation) {
    return operation.security === undefined;
  }

  checkAnswer(found, status, value) {
    const content = found.operation.responses[String(status)]?.content ?? {};
    if (!(String(status) in found.operation.responses))
      return this.say(found, `status ${status} is not in the contract`);
    const schema = (content['application/json'] ?? content['application/problem+json'])?.schema;
    if (schema) this.check(found, `answer ${status}`, schema, value);
  }

  checkBody(found, value) {
    const schema = found.operation.requestBody?.content['application/json']?.schema;
    if (schema) this.check(found, 'body', schema, value);
    else if (value !== undefined) this.say(found, 'takes no body');
  }

  checkQuery(found, query) {
    const known = new Map(
      (found.operation.parameters ?? [])
        .filter((one) => one.in === 'query')
        .map((one) => [one.name, one]),
    );
    for (const one of found.operation.parameters ?? []) {
      const shared = document.components.parameters[one.$ref?.split('/').pop()];
      if (shared?.in === 'query') known.set(shared.name, shared);
    }
    for (const [name, text] of query) {
      const parameter = known.get(name);
      if (!parameter) this.say(found, `query ${name} is not in the contract`);
      else
        this.check(
          found,
          `query ${name}`,
          parameter.schema,
          parameter.schema.type === 'integer' ? Number(text) : text,
        );
    }
  }

  check(found, what, schema, value) {
    const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
    const validate = this.ajv.compile(rooted);
    if (!validate(value)) {
      this.say(
        found,
        `${what}: ${validate.errors
          .slice(0, 4)
          .map((one) => `${one.instancePath} ${one.message}`)
          .join('; ')}`,
      );
    }
  }

  say(found, text) {
    this.violations.push(`${found.id}: ${text}`);
  }
}
