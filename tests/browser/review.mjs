// A document reviewed: by keyboard with JavaScript on, by plain forms with it off, on a telephone and on a screen.
import { join } from 'node:path';
import { accessibility, open, overflow } from './page.mjs';

/** The documents with open proposals, the one with most first. */
async function documents(context, origin) {
  const answer = await context.request.get(`${origin}/review.json`);
  const { documents } = await answer.json();
  return documents.sort((a, b) => b.open - a.open).map((one) => ({ ...one, address: `${origin}${one.review}` }));
}

const progress = async (page) => (await page.locator('.progress b').innerText()).trim();
const hand = async (page) => (await page.locator('#now h2').innerText()).replace(/\s+/g, ' ').trim();

/** Whether the words in hand can be seen where the page stands now. */
const wordsInView = (page) => page.evaluate(() => {
  const mark = document.querySelector('.pane mark.now');
  if (!mark) return 'there are none';
  const pane = document.querySelector('.pane').getBoundingClientRect();
  const at = mark.getBoundingClientRect();
  const seen = at.top >= pane.top - 2 && at.top < Math.min(pane.bottom, innerHeight);
  const form = document.querySelector('#now h2').getBoundingClientRect();
  if (form.top < 0 || form.bottom > innerHeight) return `what is in hand stands at ${Math.round(form.top)}`;
  return seen ? '' : `words at ${Math.round(at.top)}, pane ${Math.round(pane.top)} to ${Math.round(pane.bottom)}, window ${innerHeight}`;
});

/** By keyboard: accepted, undone, changed, rejected. */
export async function byKeyboard(browser, state, origin, check, { axeSource, pictures }) {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  const [most] = await documents(context, origin);
  if (!check('a document has proposals to review', most?.open >= 4, JSON.stringify(most))) return;
  const first = await open(page, most.address);
  check('the review page is light', first.bytes <= 60 * 1024, `${first.bytes} bytes with style and script`);
  const total = most.open + most.decided;
  const before = await hand(page);
  const decided = async (key, expected) => {
    await page.keyboard.press(key);
    await page.waitForFunction((text) => document.querySelector('.progress b')?.innerText.startsWith(text), expected, { timeout: 5000 });
  };
  check('keys are printed beside what they do', await page.locator('kbd', { hasText: 'a' }).first().isVisible());
  check('its words are in view', (await wordsInView(page)) === '', await wordsInView(page));
  await decided('a', '1 of');
  check('“a” accepts and goes on', (await progress(page)) === `1 of ${total}` && (await hand(page)) !== before, await hand(page));
  check('the next one’s words are in view', (await wordsInView(page)) === '', await wordsInView(page));
  check('the focus is on what is in hand', await page.evaluate(() => document.activeElement?.id === 'now'));
  await decided('u', '0 of');
  check('“u” takes it back and puts it in hand again', (await hand(page)) === before, await hand(page));
  await decided('x', '1 of');
  check('“x” rejects', (await page.locator('.said-so').innerText()).includes('rejected'));
  const second = await hand(page);
  await page.keyboard.press('j');
  await page.waitForFunction((text) => document.querySelector('#now h2')?.innerText.replace(/\s+/g, ' ').trim() !== text, second);
  await page.keyboard.press('k');
  await page.waitForFunction((text) => document.querySelector('#now h2')?.innerText.replace(/\s+/g, ' ').trim() === text, second);
  await page.keyboard.press('e');
  check('“e” goes into the first field', await page.evaluate(() => document.activeElement?.matches('.decide input, .decide textarea')));
  await page.keyboard.press('Escape');
  check('Escape leaves it', await page.evaluate(() => document.activeElement?.id === 'now'));
  await page.keyboard.press('?');
  check('“?” tells the keys', await page.locator('details.keys[open]').count() === 1);
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    const out = await overflow(page);
    check(`a review at ${width} px needs no sideways scrolling`, out === '', out);
    const found = await accessibility(page, axeSource);
    const told = found.serious.map(({ id, help, where }) => `${id}: ${help}\n${where.join('\n')}`);
    check(`a review in ${colorScheme}, ${width} px: axe-core finds nothing serious`, found.serious.length === 0, told.join('\n'));
    if (pictures) await page.screenshot({ path: join(pictures, `review-${width}-${colorScheme}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  // The rest, as fast as the keyboard goes.
  const began = Date.now();
  for (let done = 2; done <= total; done += 1) await decided('a', `${done} of`);
  const each = (Date.now() - began) / Math.max(1, total - 1);
  check('a decision takes no second', each < 1000, `${Math.round(each)} ms`);
  check('the end says what was recorded', (await hand(page)).startsWith(`All ${total}`), await hand(page));
  if (pictures) await page.screenshot({ path: join(pictures, 'review-end-1280.png') });
  check('the console is silent in review', said.length === 0, said.join('\n'));
  await context.close();
  console.log(`review: ${total} proposals by keyboard, ${Math.round(each)} ms for each`);
}

/** By forms, on a telephone, without JavaScript. */
export async function byForms(browser, state, origin, check, { pictures }) {
  const context = await browser.newContext({ storageState: state, javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const [most] = await documents(context, origin);
  if (!check('another document has proposals to review', most?.open >= 2, JSON.stringify(most))) return;
  await page.goto(most.address);
  check('no key is promised that does nothing', !(await page.locator('kbd').first().isVisible()));
  const press = async (name) => Promise.all([page.waitForNavigation(), page.locator('.deck button', { hasText: name }).first().click()]);
  await press('Accept');
  check('accepted by a plain form', (await progress(page)).startsWith(`${most.decided + 1} of`), await progress(page));
  check('the next one’s words are in view without JavaScript', (await wordsInView(page)) === '', await wordsInView(page));
  if (pictures) await page.screenshot({ path: join(pictures, 'review-forms-390.png') });
  await press('Undo');
  check('undone by a plain form', (await progress(page)).startsWith(`${most.decided} of`), await progress(page));
  await page.locator('.deck input[name=reason]').fill('not said');
  await press('Reject');
  check('rejected by a plain form', (await page.locator('.said-so').innerText()).includes('rejected'));
  await context.close();
  console.log('review: accepted, undone and rejected with JavaScript off, at 390 px');
}

/** Words selected in a document become a claim, and stand marked in it afterwards. */
export async function selecting(browser, state, origin, check, { axeSource }) {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const [one] = await documents(context, origin);
  await page.goto(one.address.replace(/\/review$/, ''));
  const words = await page.evaluate(() => {
    // From inside one marked passage to beyond it: the numbers between are no words of the document.
    const paragraph = [...document.querySelectorAll('.text p[data-at]')].find((p) => p.querySelector('a.n')) ?? document.querySelector('.text p[data-at]:last-of-type');
    const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('a.n') && walk.currentNode.data.trim().length > 3) nodes.push(walk.currentNode);
    const [from, to] = [nodes[0], nodes.at(-1)];
    const range = document.createRange();
    range.setStart(from, 1);
    range.setEnd(to, to.data.length - 1);
    const plain = range.cloneContents();
    plain.querySelectorAll('a.n').forEach((n) => n.remove());
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return plain.textContent.trim().replace(/\s+/g, ' ');
  });
  await page.locator('a.claim-these').waitFor({ timeout: 5000 });
  await Promise.all([page.waitForNavigation(), page.keyboard.press('c')]);
  const shown = (await page.locator('main form fieldset').first().innerText()).replace(/\s+/g, ' ');
  check('the selected words come with their place', shown.includes(words.slice(0, 60)), `${words}\n${shown}`);
  await page.locator('#f-about').fill('Somebody of the browser test');
  await page.locator('#f-is').selectOption('Person');
  await Promise.all([page.waitForNavigation(), page.locator('main form.sheet button').click()]);
  const found = await accessibility(page, axeSource);
  check('the form for words: axe-core finds nothing serious', found.serious.length === 0, JSON.stringify(found.serious));
  await page.locator('#f-property').selectOption('occupation');
  await page.locator('#f-value').fill('tester');
  await Promise.all([page.waitForNavigation(), page.locator('main form.sheet button').click()]);
  const claim = new URL(page.url()).searchParams.get('claim');
  const marked = (await page.locator(`[id="c-${claim}"] mark`).first().innerText()).replace(/\s+/g, ' ');
  check('the words stand marked in the document', claim !== null && words.startsWith(marked.trim().slice(0, 20)), `${page.url()}\n${marked}`);
  await context.close();
  console.log('selecting: words of a document became a claim');
}
