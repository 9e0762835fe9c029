// The text of src/contract.ts from deploy/api/openapi.json: the types of every answer, body and
// query, and a table of the operations. It knows the part of JSON Schema that the contract uses and
// stops at anything else.

const last = (reference) => reference.split('/').pop();
const quoted = (value) => `'${String(value).replace(/[\\']/g, '\\$&')}'`;
const indented = (text) => text.replace(/\n/g, '\n  ');

function objectType(schema) {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : quoted(name);
    return `${key}${required.has(name) ? '' : '?'}: ${indented(typeOf(one))};`;
  });
  if (members.length === 0) return '{}';
  const oneLine = `{ ${members.join(' ')} }`;
  if (oneLine.length <= 84 && !oneLine.includes('\n')) return oneLine;
  return `{\n  ${members.join('\n  ')}\n}`;
}

function arrayType(schema) {
  const item = typeOf(schema.items);
  return /^[\w.]+$/.test(item) ? `${item}[]` : `Array<${item}>`;
}

export function typeOf(schema) {
  if (schema.$ref) return last(schema.$ref);
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' | ');
  if (schema.const !== undefined) return quoted(schema.const);
  if (schema.enum) return schema.enum.map(quoted).join(' | ');
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  }
  switch (schema.type) {
    case 'object':
      return objectType(schema);
    case 'array':
      return arrayType(schema);
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    default:
      throw new Error(`contract: no type for ${JSON.stringify(schema)}`);
  }
}

function resolve(document, one) {
  return one.$ref
    ? one.$ref
        .slice(2)
        .split('/')
        .reduce((at, part) => at[part], document)
    : one;
}

function operationsOf(document) {
  const operations = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const parameters = (operation.parameters ?? []).map((one) => resolve(document, one));
      const answer = operation.responses['200'].content ?? {};
      operations.push({
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        purpose: parameters.some((one) => one.name === 'Dolen-Purpose'),
        open: Array.isArray(operation.security) && operation.security.length === 0,
        stream: 'text/event-stream' in answer,
        answer: answer['application/json']?.schema,
        body: operation.requestBody?.content['application/json'].schema,
        query: parameters.filter((one) => one.in === 'query'),
        inPath: parameters.filter((one) => one.in === 'path'),
      });
    }
  }
  return operations;
}

function parametersType(parameters) {
  return objectType({
    properties: Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
    required: parameters.filter((one) => one.required).map((one) => one.name),
  });
}

function table(name, operations, write) {
  const lines = operations.map((one) => `  ${one.id}: ${indented(write(one))};`);
  return `export interface ${name} {\n${lines.join('\n')}\n}\n`;
}

export function contractText(document) {
  const operations = operationsOf(document);
  const types = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)};\n`,
  );
  const rows = operations.map(
    (one) =>
      `  ${one.id}: { method: ${quoted(one.method)}, path: ${quoted(one.path)}, ` +
      `purpose: ${one.purpose}, open: ${one.open} },`,
  );
  return [
    '// Made by "npm run contract" from deploy/api/openapi.json; not to be edited.',
    '',
    ...types,
    table(
      'Answers',
      operations.filter((one) => one.answer),
      (one) => typeOf(one.answer),
    ),
    table(
      'Bodies',
      operations.filter((one) => one.body),
      (one) => typeOf(one.body),
    ),
    table('Queries', operations, (one) => parametersType(one.query)),
    table(
      'InPath',
      operations.filter((one) => one.inPath.length),
      (one) => parametersType(one.inPath),
    ),
    '// purpose: it asks why one reads. open: it needs no token.',
    `export const operations = {\n${rows.join('\n')}\n} as const;\n`,
  ].join('\n');
}
