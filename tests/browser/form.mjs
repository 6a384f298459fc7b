// Fills a form as a person would: by what its labels say.

/** For each label, what is written or chosen. The first that fits counts; what no rule names stays as the form has it. */
function rules(marker) {
  return [
    [/type of act|\bact\b/i, { choose: /^arrest/i, write: 'Arrest' }],
    [/title|what happened/i, { write: marker }],
    [/victim|who suffered|person/i, { write: `Victim of ${marker}`, choose: /./ }],
    [/date|when/i, { write: '2020-08-07' }],
    [/place|where/i, { write: 'Phnom Penh', choose: /phnom penh/i }],
    [/no words|why not|reason/i, { write: 'told on the telephone; no text exists yet' }],
    [/source/i, { choose: /./, write: `Telephone call about ${marker}` }],
  ];
}

/** Fills the form on the page that posts, and sends it. Returns what was filled in, for the message when it is refused. */
export async function fillAndSend(page, marker) {
  const form = page.locator('main form[method="post" i]').first();
  const controls = form.locator('input:not([type=hidden]):not([type=submit]), select, textarea');
  const filled = [];
  for (let index = 0; index < (await controls.count()); index += 1) {
    const control = controls.nth(index);
    if (!(await control.isVisible()) || !(await control.isEditable().catch(() => true))) continue;
    const about = await control.evaluate((element) => ({
      label: [...(element.labels ?? [])].map((label) => label.innerText).join(' ') || element.getAttribute('aria-label') || element.name,
      name: element.name, tag: element.localName, type: element.type, required: element.required, value: element.value,
      options: element.localName === 'select' ? [...element.options].filter((option) => option.value !== '').map((option) => [option.value, option.label]) : [],
    }));
    if (['checkbox', 'radio', 'file'].includes(about.type)) continue;
    const rule = rules(marker).find(([pattern]) => pattern.test(`${about.label} ${about.name}`))?.[1];
    if (about.tag === 'select') {
      const wanted = rule?.choose && about.options.find(([, label]) => rule.choose.test(label.trim()));
      const choice = wanted ?? (about.required && about.value === '' ? about.options[0] : undefined);
      if (choice) {
        await control.selectOption(choice[0]);
        filled.push(`${about.name}=${choice[1]}`);
      }
    } else if (rule?.write && about.value === '') {
      await control.fill(rule.write);
      filled.push(`${about.name}=${rule.write}`);
    } else if (about.required && about.value === '') {
      await control.fill(marker);
      filled.push(`${about.name}=${marker}`);
    }
  }
  await Promise.all([page.waitForNavigation(), form.locator('button:not([type=button]), input[type=submit]').last().click()]);
  return filled;
}
