// Looks at what `rapporteur demo --no-serve --dir DIR` left, from outside: files, answers, and whether damage is found.
//   node .ci/check-demo.mjs PROGRAM DIR [WITHOUT]
// WITHOUT: a demonstration made without original documents, which DIR, made with them, must hold more than.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const [program, demo, without] = process.argv.slice(2);
if (!program || !demo) {
  console.error('node .ci/check-demo.mjs PROGRAM DIR [WITHOUT]');
  process.exit(2);
}
const tally = { passed: 0, failed: 0 };
const scratch = mkdtempSync(join(tmpdir(), 'rapporteur-check-'));

function check(what, holds, detail = '') {
  tally[holds ? 'passed' : 'failed'] += 1;
  console.log(`${holds ? 'ok     ' : 'FAILED '} ${what}${holds || !detail ? '' : `\n        ${String(detail).trim().replaceAll('\n', '\n        ')}`}`);
  return holds;
}

function run(command, words) {
  const done = spawnSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  return { code: done.status, out: done.stdout ?? '', told: `exit ${done.status ?? done.signal ?? done.error}\n${done.stdout ?? ''}${done.stderr ?? ''}`.slice(0, 2000), said: `${done.stdout}${done.stderr}` };
}

const on = (folder, ...words) => run(program, ['--workspace', folder, '--passphrase-file', join(demo, 'passphrase.txt'), ...words]);

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Says which of the wanted keys an object has not got, or that it is no object. */
function lacking(value, keys) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'not an object';
  return keys.filter((key) => !(key in value)).join(', ');
}

function files() {
  for (const name of ['ledger.db', 'config.toml', 'passphrase.txt', 'out/letter.pdf', 'out/letter.html', 'out/figure.json']) {
    const path = join(demo, name);
    check(`${name} is there`, existsSync(path) && statSync(path).size > 0);
  }
  check('objects/ holds objects', existsSync(join(demo, 'objects')) && filesUnder(join(demo, 'objects')).length > 0);
  check('config.toml is marked as a demonstration’s', /demonstration\s*=\s*true/.test(readFileSync(join(demo, 'config.toml'), 'utf8')));
  // Nothing that a person would recognise may stand in clear on the disk, but in out/ (published) and the passphrase.
  const clear = filesUnder(demo).filter((path) => !relative(demo, path).startsWith('out') && /Rong Chhun|LICADHO/.test(readFileSync(path, 'latin1')));
  check('no name stands in clear on the disk', clear.length === 0, clear.join('\n'));
}

function shown() {
  const first = on(demo, 'show', 'Rong Chhun', '--json');
  const record = json(first.out);
  if (!check('show gives one JSON value', first.code === 0 && record !== undefined, first.told)) return;
  const keys = ['id', 'schema', 'label', 'position', 'properties', 'related'];
  check(`show has ${keys.join(', ')}`, lacking(record, keys) === '', lacking(record, keys));
  const values = Object.values(record.properties ?? {}).flat();
  const valueKeys = ['value', 'preferred', 'why', 'verification', 'claims'];
  check('every value says which is preferred, why, and on which claims', values.length > 0 && values.every((value) => lacking(value, valueKeys) === ''), JSON.stringify(values[0]));
  const claims = values.flatMap((value) => value.claims ?? []);
  const claimKeys = ['id', 'asserter', 'source', 'quote', 'recorded_at', 'recorded_by'];
  check('every claim says who, where, in which words, recorded by whom and when', claims.length > 0 && claims.every((claim) => lacking(claim, claimKeys) === ''), JSON.stringify(claims[0]));
  const cases = (record.related ?? []).filter((one) => one.schema === 'Proceeding');
  check('his two proceedings are related to him', new Set(cases.map((one) => one.id)).size === 2, JSON.stringify(record.related)?.slice(0, 1500));
  check('both accounts of the first verdict’s date are kept', cases.some((one) => twoVerdictDates(one.id)), 'looked at each proceeding’s steps of type verdict');
  const earlier = on(demo, 'show', 'Rong Chhun', '--json', '--as-of', String(Math.max(1, Math.floor(record.position / 2))));
  const before = json(earlier.out);
  const count = (one) => Object.values(one?.properties ?? {}).flat().flatMap((value) => value.claims ?? []).length;
  check('an earlier position knows no more than now', earlier.code === 0 && before !== undefined && before.position < record.position && count(before) <= count(record), earlier.told);
  check('the same question gives the same bytes', on(demo, 'show', 'Rong Chhun', '--json').out === first.out);
  for (const words of [['claims', record.id], ['history', record.id]]) {
    const answer = on(demo, ...words, '--json');
    check(`${words[0]} gives one JSON value`, answer.code === 0 && json(answer.out) !== undefined, answer.told);
  }
}

function twoVerdictDates(proceeding) {
  const steps = (json(on(demo, 'show', proceeding, '--json').out)?.related ?? []).filter((one) => one.schema === 'ProceedingStep');
  return steps.some((step) => {
    const dates = json(on(demo, 'show', step.id, '--json').out)?.properties?.date ?? [];
    const values = JSON.stringify(dates.map((date) => date.value));
    const preferred = dates.filter((date) => date.preferred);
    const both = /2021-08-18|18 August 2021/.test(values) && /2021-08-17|17 August 2021/.test(values);
    return both && preferred.length === 1 && preferred[0].why !== '';
  });
}

function figure() {
  const name = 'defenders-arrested-2020';
  const first = on(demo, 'figure', name, '--json');
  const value = json(first.out);
  if (!check('figure gives one JSON value', first.code === 0 && value !== undefined, first.told)) return;
  const keys = ['name', 'definition', 'unit', 'window', 'standard', 'position', 'digest', 'lower', 'upper', 'items', 'published'];
  check(`figure has ${keys.join(', ')}`, lacking(value, keys) === '', lacking(value, keys));
  check('its items have entity, label and claims', value.items?.length > 0 && value.items.every((item) => lacking(item, ['entity', 'label', 'claims']) === '' && item.claims.length > 0), JSON.stringify(value.items?.[0]));
  const published = ['asserter', 'lower', 'upper', 'unit', 'window', 'differs'];
  check('what others published stands beside it', value.published?.length >= 4 && value.published.every((one) => lacking(one, published) === ''), JSON.stringify(value.published?.[0]));
  check('lower bound ≤ upper bound', Number.isInteger(value.lower) && (value.upper === null || value.lower <= value.upper), `${value.lower} … ${value.upper}`);
  check('the same again gives the same bytes', on(demo, 'figure', name, '--json').out === first.out);
  const kept = json(readFileSync(join(demo, 'out/figure.json'), 'utf8'));
  check('out/figure.json is that figure', kept?.digest === value.digest && kept?.lower === value.lower, `${kept?.digest} and ${value.digest}`);
}

function letter() {
  const pdf = join(demo, 'out/letter.pdf');
  const info = run('pdfinfo', [pdf]).out;
  check('letter.pdf has a title', /^Title:\s+\S/m.test(info), info);
  check('letter.pdf is tagged', /^Tagged:\s+yes/m.test(info), info);
  check('letter.pdf has pages', Number(/^Pages:\s+(\d+)/m.exec(info)?.[1]) >= 2, info);
  const metadata = run('pdfinfo', ['-meta', pdf]).out;
  check('letter.pdf says that it is PDF/A-2a and PDF/UA-1', /pdfaid:part\W+2\b/.test(metadata) && /pdfaid:conformance\W+A\b/i.test(metadata) && /pdfuaid:part\W+1\b/.test(metadata), metadata.slice(0, 1500));
  const fonts = run('pdffonts', [pdf]).out.split('\n').slice(2).filter(Boolean);
  check('letter.pdf carries its fonts', fonts.length > 0 && fonts.every((line) => /\syes\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$/.test(line)), fonts.join('\n'));
  const text = run('pdftotext', ['-layout', pdf, '-']).out;
  check('letter.pdf names whom it is about', /Rong Chhun/.test(text));
  const html = readFileSync(join(demo, 'out/letter.html'), 'utf8');
  check('letter.html stands alone, with its Khmer names and no script', /lang="km"/.test(html) && !/<script\b/i.test(html) && !/(src|href)="https?:[^"]*\.(css|js|png|woff2?)"/i.test(html));
  check('no reference is left unresolved', !/\[\[/.test(html) && !/\[\[/.test(text));
}

/** With the original documents there are more objects, and more claims on the people in them. */
function originals() {
  if (!without) return;
  const objects = (folder) => filesUnder(join(folder, 'objects')).length;
  check('the original documents are in the vault', objects(demo) > objects(without), `${objects(demo)} and ${objects(without)}`);
  const claims = (folder) => run(program, ['--workspace', folder, '--passphrase-file', join(folder, 'passphrase.txt'), 'claims', 'Rong Chhun', '--json']).out;
  check('claims quote them', claims(demo).length > claims(without).length);
}

/** Runs verify on a copy in which one byte differs. */
function damaged(name, offset) {
  const copy = join(scratch, 'damaged');
  rmSync(copy, { recursive: true, force: true });
  cpSync(demo, copy, { recursive: true });
  const path = join(copy, name);
  const bytes = readFileSync(path);
  bytes[offset] ^= 1 << randomInt(8);
  writeFileSync(path, bytes);
  const answer = on(copy, 'verify');
  check(`verify finds byte ${offset} of ${name} changed`, answer.code === 3, answer.told);
  return answer;
}

function verified() {
  const whole = on(demo, 'verify');
  check('verify finds the workspace whole and says what it checked', whole.code === 0 && /\d/.test(whole.said), whole.told);
  const size = statSync(join(demo, 'ledger.db')).size;
  const offsets = new Set([0, 16, 4095, 4096, size - 1, ...Array.from({ length: 12 }, () => randomInt(size))]);
  for (const offset of offsets) damaged('ledger.db', offset);
  const objects = filesUnder(join(demo, 'objects')).map((path) => relative(demo, path));
  for (let round = 0; round < 6; round += 1) {
    const object = objects[randomInt(objects.length)];
    const answer = damaged(object, randomInt(statSync(join(demo, object)).size));
    check(`… and names an object`, /object|\.age|[0-9a-f]{16}/i.test(answer.said), answer.told);
  }
  check('verify finds the workspace itself untouched by all this', on(demo, 'verify').code === 0);
  const cut = join(scratch, 'cut');
  cpSync(demo, cut, { recursive: true });
  writeFileSync(join(cut, 'ledger.db'), readFileSync(join(cut, 'ledger.db')).subarray(0, Math.floor(size / 2)));
  const answer = on(cut, 'verify');
  check('verify finds a ledger cut in half', answer.code === 3, answer.told);
}

function projection() {
  const copy = join(scratch, 'without-index');
  cpSync(demo, copy, { recursive: true });
  const index = readdirSync(copy).filter((name) => name.startsWith('index.db'));
  check('there is an index', index.length > 0);
  for (const name of index) rmSync(join(copy, name));
  for (const words of [['show', 'Rong Chhun', '--json'], ['figure', 'defenders-arrested-2020', '--json']]) {
    const answer = on(copy, ...words);
    check(`without index.db, ${words[0]} answers the same`, answer.code === 0 && answer.out === on(demo, ...words).out, answer.told);
  }
}

function wrongUse() {
  const wrong = join(scratch, 'wrong.txt');
  writeFileSync(wrong, 'not the passphrase at all\n');
  const locked = run(program, ['--workspace', demo, '--passphrase-file', wrong, 'show', 'Rong Chhun']);
  check('a wrong passphrase is told, exit 1', locked.code === 1 && /passphrase/i.test(locked.said), locked.told);
  check('an unknown command is wrong use, exit 2', on(demo, 'frobnicate').code === 2);
  const nobody = on(demo, 'show', 'Nobody of this name');
  check('an unknown name is told, exit 1', nobody.code === 1 && nobody.said.trim() !== '', nobody.told);
}

try {
  for (const part of [files, shown, figure, letter, originals, verified, projection, wrongUse]) part();
} catch (error) {
  check('the check ran to its end', false, error.stack);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
