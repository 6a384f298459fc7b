// Keys in review, and claiming words that are selected. Every page does without it.
(() => {
  'use strict';
  const $ = (selector, from = document) => from.querySelector(selector);
  const typing = (element) => element && (element.matches('textarea, select, [contenteditable]') || (element.matches('input') && !/^(radio|checkbox|submit|button)$/.test(element.type)));
  document.documentElement.classList.add('keys-on');

  // The words in hand, in the middle of the document's pane; the page itself stays where it is.
  const showWords = () => {
    const pane = $('.pane'), mark = $('.pane mark.now');
    if (!pane || !mark) return;
    const at = mark.getBoundingClientRect(), box = pane.getBoundingClientRect();
    pane.scrollTop += at.top - box.top - (box.height - Math.min(at.height, box.height / 2)) / 3;
  };

  let busy = false;
  const swap = async (request) => {
    if (busy) return;
    busy = true;
    document.body.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(...request);
      if (!/^text\/html/.test(answer.headers.get('content-type') || '')) throw new Error('not a page');
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const main = $('main', page), pane = $('.pane')?.scrollTop ?? 0;
      if (!main || !$('.deck', main)) return location.assign(answer.url);
      $('main').replaceWith(document.adoptNode(main));
      document.title = page.title;
      const view = $('details.view'), newer = $('details.view', page);
      if (view && newer && !view.open) view.replaceWith(document.adoptNode(newer));
      if ($('.pane')) $('.pane').scrollTop = pane;
      if (answer.redirected || !request[1].method) history.replaceState(null, '', answer.url);
      showWords();
      ($('main [role=alert] a') || $('#now'))?.focus({ preventScroll: true });
      const top = $('.deck').getBoundingClientRect().top;
      if (top < 0 || top > innerHeight * 0.75) $('.deck').scrollIntoView();
    } catch {
      location.reload();
    } finally {
      busy = false;
      document.body.removeAttribute('aria-busy');
    }
  };

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.closest('.deck') || form.method !== 'post' || busy) return busy && event.preventDefault();
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter || $('button', form)));
    swap([form.action, { method: 'POST', body, credentials: 'same-origin' }]);
  });

  // Who is meant decides which acts and proceedings are offered: ask again.
  document.addEventListener('change', (event) => {
    if (event.target.matches('.decide .whom input[type=radio]')) $('.decide button[value=look]')?.click();
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('.deck .step a, .review .lines a, .review .text a.n');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    swap([link.href.split('#')[0], { credentials: 'same-origin' }]);
  });

  const nextSuggestion = () => {
    for (const who of document.querySelectorAll('.decide .whom')) {
      const all = [...who.querySelectorAll('input[type=radio]')];
      if (all.length < 2) continue;
      const at = all.findIndex((radio) => radio.checked);
      const next = all[(at + 1) % all.length];
      next.click();
      return;
    }
  };

  // Words that are selected: their place in the text, in code points.
  const place = (node, offset) => {
    const element = node.nodeType === 3 ? node.parentElement : node;
    const paragraph = element?.closest('.text p[data-at]');
    if (!paragraph) return null;
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    range.setEnd(node, offset);
    let count = 0;
    const walk = document.createTreeWalker(range.cloneContents(), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement?.closest('a.n')) count += [...walk.currentNode.data].length;
    return Number(paragraph.dataset.at) + count;
  };
  const selected = () => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    let start = place(range.startContainer, range.startOffset), end = place(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return null;
    const text = range.cloneContents();
    text.querySelectorAll('a.n').forEach((n) => n.remove());
    const words = text.textContent, front = words.length - words.trimStart().length, back = words.length - words.trimEnd().length;
    start += [...words.slice(0, front)].length;
    end -= [...words.slice(words.length - back)].length;
    return end > start ? { start, end, box: range.getBoundingClientRect() } : null;
  };
  let offer = null;
  const offerClaim = () => {
    const to = $('[data-claim]')?.dataset.claim, words = to && selected();
    offer?.remove();
    offer = null;
    if (!words) return;
    offer = document.createElement('a');
    offer.className = 'btn main claim-these';
    offer.href = `${to}?start=${words.start}&end=${words.end}`;
    offer.append('Claim these words');
    const key = document.createElement('kbd');
    key.textContent = 'c';
    offer.append(key);
    document.body.append(offer);
    const width = offer.offsetWidth, left = Math.max(8, Math.min(words.box.left, document.documentElement.clientWidth - width - 8));
    offer.style.left = `${left + scrollX}px`;
    offer.style.top = `${words.box.bottom + scrollY + 6}px`;
  };
  document.addEventListener('selectionchange', () => {
    clearTimeout(offerClaim.later);
    offerClaim.later = setTimeout(offerClaim, 120);
  });

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const here = document.activeElement;
    if (event.key === 'Escape' && typing(here)) return $('#now')?.focus({ preventScroll: true });
    if (typing(here) && !here.matches('select')) return;
    if (here?.matches('select') && /^[a-z]$/.test(event.key)) return;
    if (event.key === 'c' && selected()) {
      offerClaim();
      if (offer) location.assign(offer.href);
      return event.preventDefault();
    }
    if (!$('.deck')) return;
    let done = true;
    if (event.key === 'e') $('.decide input:not([type=hidden]):not([type=radio]), .decide textarea')?.select();
    else if (event.key === 's' && !$('.deck [data-key="s"]')) nextSuggestion();
    else if (event.key === '?') { const keys = $('details.keys'); keys.open = !keys.open; if (keys.open) keys.scrollIntoView({ block: 'nearest' }); }
    else {
      const target = /^[a-z1-9]$/.test(event.key) && $(`.deck [data-key="${event.key}"]`);
      if (target) target.click(); else done = false;
    }
    if (done) event.preventDefault();
  });
  showWords();
})();
