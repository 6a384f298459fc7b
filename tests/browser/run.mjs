// The pages of the demonstration in a real browser: with JavaScript off, at two widths, light and dark, held against axe-core.
// Run by `cargo xtask test`, which sets RAPPORTEUR (the program), CHROMIUM and BROWSER_PACKAGES (a folder with node_modules).
// With SCREENSHOTS=DIR it leaves pictures there.
import { createRequire } from 'node:module';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { crawl, sample, KINDS } from './crawl.mjs';
import { fillAndSend } from './form.mjs';
import { accessibility, MOST_BYTES, open, overflow, scripts, watch, WIDTHS } from './page.mjs';
import { byForms, byKeyboard, selecting } from './review.mjs';
import { makeDemonstration, serve } from './server.mjs';

const { RAPPORTEUR, CHROMIUM = '/usr/bin/chromium', BROWSER_PACKAGES, SCREENSHOTS } = process.env;
if (!RAPPORTEUR || !BROWSER_PACKAGES) {
  console.error('Run this as `cargo xtask test`: it builds the program and fetches playwright-core and axe-core first.');
  process.exit(2);
}
const require = createRequire(join(BROWSER_PACKAGES, 'node_modules', 'here.cjs'));
const { chromium } = require('playwright-core');
const axeSource = require('axe-core').source;

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const PER_GROUP = 2;
const tally = { passed: 0, failed: 0 };

/** One check: silent when it holds, told when it does not. */
function check(what, holds, detail = '') {
  if (holds) {
    tally.passed += 1;
  } else {
    tally.failed += 1;
    console.log(`FAILED  ${what}${detail ? `\n        ${String(detail).replaceAll('\n', '\n        ')}` : ''}`);
  }
  return holds;
}

function fileName(page) {
  return (page.group ?? page.path).replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').toLowerCase() || 'first';
}

/** Opens the sign-in link; where it shows a button first, presses it. Returns the cookies. */
async function signIn(browser, link) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(link);
  const button = page.locator('form[method="post" i] button');
  if (new URL(page.url()).pathname === '/enter' && (await button.count()) > 0) {
    await Promise.all([page.waitForNavigation(), button.first().click()]);
  }
  check('the sign-in link leads into the workspace', new URL(page.url()).pathname !== '/enter', page.url());
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Without signing in, no page gives anything away. */
async function strangers(browser, origin, samples) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  for (const page of samples) {
    const answer = await context.request.get(page.address, { maxRedirects: 0, failOnStatusCode: false });
    const closed = [302, 303, 307, 401, 403, 404].includes(answer.status()) && !/Rong Chhun/.test(await answer.text());
    check(`${page.path} is closed to strangers`, closed, `it answered ${answer.status()}`);
  }
  await context.close();
}

/** Every link, without a browser: it answers, it carries no script, and its HTML, compressed as it is sent, is light enough. */
async function everyLink(browser, state, origin) {
  const context = await browser.newContext({ storageState: state });
  const get = async (address) => {
    const answer = await context.request.get(address, { failOnStatusCode: false });
    const type = answer.headers()['content-type'] ?? '';
    const body = /^text\/html/.test(type) ? await answer.text() : '';
    return { status: answer.status(), type, body };
  };
  const found = await crawl(get, origin);
  for (const page of found.pages) {
    check(`${page.path} answers`, page.status === 200, `status ${page.status}`);
    const inside = scripts(page.body);
    check(`${page.path} needs no script`, inside.length === 0, `it has ${inside.join(', ')}`);
    const sent = gzipSync(page.body).length;
    check(`${page.path} is light`, sent <= MOST_BYTES, `${sent} bytes of HTML, compressed`);
  }
  for (const kind of Object.keys(KINDS)) {
    check(`links lead to a page of kind “${kind}”`, found.pages.some((page) => page.kind === kind && page.status === 200));
  }
  check('the library offers entities by schema', found.schemata.length >= 5, `schemata found: ${found.schemata.join(', ') || 'none'}`);
  const left = found.left > 0 ? `; ${found.left} more lists with filters left out` : '';
  console.log(`links: ${found.pages.length} addresses, ${found.schemata.length} schemata${left}`);
  const missing = { address: `${origin}/no-such-page`, path: '/no-such-page', group: 'error page', expected: 404, kind: 'error page' };
  await context.close();
  return [...sample(found, PER_GROUP), missing];
}

/** JavaScript off: status, weight, no other host, nothing sticks out at either width. */
async function withoutScript(browser, state, origin, samples) {
  for (const colorScheme of SCREENSHOTS ? ['light', 'dark'] : ['light']) {
    const context = await browser.newContext({ storageState: state, javaScriptEnabled: false, colorScheme });
    const foreign = await watch(context, origin);
    const page = await context.newPage();
    for (const one of samples) {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const opened = await open(page, one.address);
        const at = `${one.path} at ${width} px`;
        check(`${at} answers`, opened.status === (one.expected ?? 200), `status ${opened.status}`);
        check(`${at} is light`, opened.bytes <= MOST_BYTES, `${opened.bytes} bytes in ${opened.requests} requests`);
        check(`${at} gets all it asks for`, opened.failed.length === 0, opened.failed.join('\n'));
        check(`${at} asks no other host`, foreign.length === 0, foreign.splice(0).join('\n'));
        const out = await overflow(page);
        check(`${at} needs no sideways scrolling`, out === '', out);
        if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${fileName(one)}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    await context.close();
  }
  console.log(`JavaScript off: ${samples.length} pages at ${WIDTHS.join(' and ')} px`);
}

/** JavaScript on, so that axe-core can run: no serious finding, light or dark, wide or narrow, and a silent console. */
async function accessible(browser, state, origin, samples) {
  const lesser = new Map();
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 390]]) {
    const context = await browser.newContext({ storageState: state, colorScheme, viewport: { width, height: 900 } });
    await watch(context, origin);
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    for (const one of samples) {
      said.length = 0;
      const at = `${one.path}, ${colorScheme}, ${width} px`;
      await open(page, one.address);
      const complaints = said.filter((line) => !(one.expected && /status of 404/.test(line)));
      check(`${at}: the console is silent`, complaints.length === 0, complaints.join('\n'));
      const found = await accessibility(page, axeSource);
      const told = found.serious.map(({ id, impact, help, count, where }) => `${impact}: ${id}, ${count} times: ${help}\n${where.join('\n')}`);
      check(`${at}: axe-core finds nothing serious`, found.serious.length === 0, told.join('\n'));
      for (const { id, help } of found.lesser) if (!lesser.has(id)) lesser.set(id, `${help} (first on ${one.path})`);
    }
    await context.close();
  }
  console.log(`axe-core: ${samples.length} pages, light, dark and narrow`);
  for (const [id, help] of lesser) console.log(`note    ${id}: ${help}`);
}

/** A new incident by form, with JavaScript off: it is there afterwards, on its page and in the library. */
async function anIncidentByForm(browser, state, origin, samples) {
  const context = await browser.newContext({ storageState: state, javaScriptEnabled: false, viewport: { width: 390, height: 900 } });
  const page = await context.newPage();
  const marker = `Browser test ${Date.now().toString(36)}`;
  const form = samples.find((one) => one.kind === 'form for an incident')?.address;
  if (!check('there is a form for an incident', form !== undefined)) return;
  await page.goto(form);
  const filled = [];
  // One form, or a few in a row: as long as an answer is another form without a complaint, go on.
  for (let step = 1; step <= 4 && new URL(page.url()).pathname.startsWith('/add'); step += 1) {
    filled.push(...await fillAndSend(page, marker));
    if (await page.locator('main [role=alert], main .errors').count() > 0) break;
  }
  const text = await page.locator('main').innerText();
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'after-the-form-390.png'), fullPage: true });
  const told = `${page.url()}\nfilled in: ${filled.join(' · ')}\n${text.slice(0, 1500)}`;
  check('the form is taken and answers with what was added', !page.url().includes('/add') && text.includes(marker), told);
  await page.goto(`${origin}/`);
  const search = page.locator('form[method="get" i] input[type=search], form:not([method]) input[type=search]').first();
  await search.fill(marker);
  await Promise.all([page.waitForNavigation(), search.press('Enter')]);
  // The first question of all makes the index; until then the page says so, and answers when it is asked again.
  let answer = await page.locator('main').innerText();
  for (let again = 0; again < 20 && !answer.includes(marker); again += 1) {
    await page.waitForTimeout(250);
    await page.reload();
    answer = await page.locator('main').innerText();
  }
  check('the search finds it', answer.includes(marker), `${page.url()}\n${answer.slice(0, 800)}`);
  await context.close();
  console.log('form: an incident added with JavaScript off');
}

const folder = mkdtempSync(join(tmpdir(), 'rapporteur-browser-'));
if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
let server;
let browser;
try {
  makeDemonstration(RAPPORTEUR, join(folder, 'demo'));
  server = await serve(RAPPORTEUR, join(folder, 'demo'));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const { link, origin } = server;
  const state = await signIn(browser, link);
  const samples = await everyLink(browser, state, origin);
  await strangers(browser, origin, samples);
  await withoutScript(browser, state, origin, samples);
  await accessible(browser, state, origin, samples);
  await anIncidentByForm(browser, state, origin, samples);
  const eyes = { axeSource, pictures: SCREENSHOTS };
  await byKeyboard(browser, state, origin, check, eyes);
  await byForms(browser, state, origin, check, eyes);
  await selecting(browser, state, origin, check, eyes);
} catch (error) {
  check('the test ran to its end', false, `${error.stack ?? error}\n${server?.said() ?? ''}`);
} finally {
  await browser?.close();
  const how = await server?.stop();
  if (server) check('the server stops when it is told to', how === 0, `it ended with ${how}`);
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
