// Follows every link inside the site, without a browser: what answers, how heavy it is, and which pages are of which kind.

/** Every kind of page that must be reachable by links from the first page. */
export const KINDS = {
  library: /^\/$/,
  people: /^\/people$/,
  proceedings: /^\/proceedings$/,
  documents: /^\/documents$/,
  entity: /^\/entity\/[^/.]+$/,
  claims: /^\/entity\/[^/]+\/claims$/,
  history: /^\/entity\/[^/]+\/history$/,
  'form for a claim': /^\/entity\/[^/]+\/add$/,
  claim: /^\/claim\/[^/.]+$/,
  document: /^\/source\/[^/.]+$/,
  review: /^\/source\/[^/.]+\/review$/,
  'form for words': /^\/source\/[^/.]+\/claim$/,
  reviews: /^\/review$/,
  lists: /^\/lists$/,
  'form for a list': /^\/lists\/add$/,
  pairs: /^\/same$/,
  groups: /^\/same\/groups$/,
  estimate: /^\/estimate$/,
  'a published count': /^\/figure\/[^/]+\/against\/[^/.]+$/,
  figures: /^\/figures$/,
  figure: /^\/figure\/[^/.]+$/,
  publications: /^\/publications$/,
  letter: /^\/publication\/[^/.]+$/,
  ledger: /^\/ledger$/,
  entry: /^\/ledger\/\d+$/,
  'form for an incident': /^\/add$/,
};
const LEAVING = /^\/(leave|sign-out|logout)/;
const MOST_PAGES = 3000;
/** A list with filters has as many addresses as there are choices: of each combination of filters, a few. */
const MOST_PER_SHAPE = 40;

/** The kind of a page by its address, or undefined. */
export function kindOf(path) {
  return Object.keys(KINDS).find((kind) => KINDS[kind].test(path));
}

/** An address without what changes from entity to entity: pages of one shape are drawn by one template. */
function shapeOf(url) {
  const path = url.pathname.replace(/[0-9a-z]{26}/g, ':id').replace(/\d+/g, ':n');
  return `${path}?${[...new Set(url.searchParams.keys())].sort().join('&')}`;
}

/** Addresses that `<a href>` on a page points at, inside the site, without their fragments. */
export function linksOf(html, base) {
  const found = new Set();
  for (const [, quoted] of html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/gi)) {
    const url = new URL(unescape(quoted), base);
    if (url.origin !== new URL(base).origin || LEAVING.test(url.pathname)) continue;
    url.hash = '';
    found.add(url.href);
  }
  return [...found];
}

function unescape(text) {
  const named = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'", '#x27': "'", '#34': '"' };
  return text.replace(/&(amp|quot|lt|gt|#39|#x27|#34);/g, (_, name) => named[name]);
}

/**
 * Follows links from the first page, nearest first.
 * `get(url)` answers `{ status, type, body }`. Returns every page with its kind and, for entities, the schema under
 * which the library's filter lists it.
 */
export async function crawl(get, origin) {
  const pages = [];
  const perShape = new Map();
  const schemaOf = new Map();
  const schemata = new Set();
  const queue = [`${origin}/`];
  const known = new Set(queue);
  let left = 0;
  while (queue.length > 0 && pages.length < MOST_PAGES) {
    const address = queue.shift();
    const url = new URL(address);
    const shape = shapeOf(url);
    const seen = perShape.get(shape) ?? 0;
    if (url.search !== '' && seen >= MOST_PER_SHAPE) {
      left += 1;
      continue;
    }
    perShape.set(shape, seen + 1);
    const answer = await get(address);
    const page = { address, path: url.pathname + url.search, kind: kindOf(url.pathname), shape, ...answer, links: [] };
    pages.push(page);
    if (!/^text\/html/.test(answer.type)) continue;
    page.links = linksOf(answer.body, address);
    const schema = [...url.searchParams.keys()].join() === 'schema' ? url.searchParams.get('schema') : null;
    for (const link of page.links) {
      if (schema) {
        schemata.add(schema);
        const kind = kindOf(new URL(link).pathname);
        if ((kind === 'entity' || kind === 'document') && !schemaOf.has(link)) schemaOf.set(link, schema);
      }
      if (!known.has(link)) {
        known.add(link);
        queue.push(link);
      }
    }
  }
  return { pages, schemaOf, schemata: [...schemata], left: left + queue.length };
}

/** A few pages of each kind, each schema and each shape: what the browser then looks at. */
export function sample({ pages, schemaOf }, perGroup) {
  const groups = new Map();
  for (const page of pages) {
    if (!/^text\/html/.test(page.type)) continue;
    const schema = schemaOf.get(page.address);
    const group = schema ? `${page.kind} ${schema}` : page.kind ?? page.shape;
    page.group = group;
    const members = groups.get(group) ?? groups.set(group, []).get(group);
    members.push(page);
  }
  // The heaviest of a group shows best what can go wrong: the longest words and the longest lists.
  const chosen = [];
  for (const members of groups.values()) {
    const first = members[0];
    const heaviest = [...members].sort((a, b) => b.body.length - a.body.length);
    chosen.push(...new Set([first, ...heaviest].slice(0, perGroup)));
  }
  return chosen;
}
