// What one page is held to, in a real browser.
export const WIDTHS = [390, 1280];
export const MOST_BYTES = 100 * 1024;
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Watches what a browser context asks for: requests to any other host are refused and noted. */
export async function watch(context, origin) {
  const foreign = [];
  await context.route('**/*', (route) => {
    const address = route.request().url();
    if (address.startsWith(`${origin}/`) || address.startsWith('data:')) return route.continue();
    foreign.push(address);
    return route.abort();
  });
  return foreign;
}

/** Opens a page. Status, what failed to come, and its weight: HTML and CSS as they came over the line (a font is asked for once). */
export async function open(page, address) {
  const requests = [];
  const note = (request) => requests.push(request);
  page.on('requestfinished', note);
  const response = await page.goto(address, { waitUntil: 'load' });
  page.off('requestfinished', note);
  let bytes = 0;
  const failed = [];
  for (const request of requests) {
    const sizes = await request.sizes();
    if (request.resourceType() !== 'font') bytes += sizes.responseBodySize + sizes.responseHeadersSize;
    const answer = await request.response();
    if (answer && answer.status() >= 400 && request.resourceType() !== 'document') failed.push(`${answer.status()} ${request.url()}`);
  }
  return { status: response.status(), bytes, failed, requests: requests.length };
}

/** What sticks out to the right of a page that should need no sideways scrolling; empty when nothing does. */
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width && document.body.scrollWidth <= width) return '';
    const sticksOut = (element) => element.getBoundingClientRect().right > width
      || (element.scrollWidth > element.clientWidth && element.clientWidth > 0 && getComputedStyle(element).overflowX === 'visible');
    const out = [...document.body.querySelectorAll('*')]
      .filter(sticksOut)
      .slice(-3)
      .map((element) => `<${element.localName} class="${element.className}">: ${(element.textContent ?? '').trim().slice(0, 60)}`);
    return `${document.documentElement.scrollWidth} px in ${width} px. ${out.join(' · ')}`;
  });
}

/** axe-core's findings in the page as it is drawn now: the serious ones, and a note of the lesser. */
export async function accessibility(page, axeSource) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(async (tags) => {
    const run = await window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return run.violations.map(({ id, impact, help, nodes }) => ({
      id, impact, help, count: nodes.length, where: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    }));
  }, AXE_TAGS);
  const grave = (finding) => finding.impact === 'serious' || finding.impact === 'critical';
  return { serious: result.filter(grave), lesser: result.filter((finding) => !grave(finding)) };
}

/** What a program must not put into a page that has to work in Tor Browser at "Safest": any script but our one file, which adds keys only. */
export function scripts(html) {
  const found = [];
  const ours = /<script src="\/static\/review-[0-9a-f]+\.js" defer><\/script>/g;
  if (/<script\b/i.test(html.replace(ours, ''))) found.push('a <script>');
  if (/<[a-z][^>]*\son[a-z]+\s*=/i.test(html)) found.push('an on…= attribute');
  if (/\bhref\s*=\s*["']?\s*javascript:/i.test(html)) found.push('a javascript: link');
  return found;
}
