import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { type Sample, startSample } from '../support/sample.ts';
import { LossyProxy } from './lossy-proxy.ts';

// Debian's; where it is missing these specs fail, they are never skipped.
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  isMobile: true,
  hasTouch: true,
};
const DEADLINE = 15_000;

let browser: Promise<Browser> | undefined;

afterAll(async () => {
  const launched = await browser?.catch(() => undefined);
  await launched?.close();
});

describe('samples/chat in Chromium', () => {
  it('brings what one page says to both', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await using grace = await enter(sample, 'Grace');
    await ada.say('Hello Grace');
    await grace.sees('Hello Grace');
    await grace.say('Hello Ada');
    await ada.sees('Hello Ada');
    expect(await ada.texts()).toEqual(['Hello Grace', 'Hello Ada']);
    expect(await grace.texts()).toEqual(['Hello Grace', 'Hello Ada']);
    expect([await ada.ownTexts(), await grace.ownTexts()]).toEqual([['Hello Grace'], ['Hello Ada']]);
  });

  it('shows the history and who is here, as people come and go', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await ada.say('Nobody reads this yet');
    await ada.sees('Nobody reads this yet');
    const grace = await enter(sample, 'Grace');
    await grace.sees('Nobody reads this yet');
    await grace.lists(['Grace', 'Ada']);
    await ada.lists(['Ada', 'Grace']);
    await ada.notes('Grace joined');
    await grace.page.click('#leave');
    await ada.notes('Grace left');
    await ada.lists(['Ada']);
    await grace[Symbol.asyncDispose]();
  });

  it('shows a text as text', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada<i>');
    await ada.say('<img src=x onerror="document.title=1"><b>bold</b>');
    await ada.sees('<img src=x onerror="document.title=1"><b>bold</b>');
    expect(await ada.page.locator('#room img, #room b b, #messages .bubble b').count()).toBe(0);
    expect(await ada.page.title()).toBe('#blue · Gatewire chat');
  });

  it('marks a message that the server refuses, and gives it back for editing', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await ada.page.fill('#text', 'x'.repeat(1001));
    expect(await ada.page.textContent('#left')).toBe('1 too many');
    await ada.page.press('#text', 'Enter');
    await ada.page.getByText('A message has 1 to 1000 characters.').waitFor();
    await ada.page.getByRole('button', { name: 'Edit' }).click();
    expect((await ada.page.inputValue('#text')).length).toBe(1001);
    expect(await ada.page.locator('#outbox li').count()).toBe(0);
    await ada.say('short');
    await ada.sees('short');
  });

  it('says that a name is taken', async () => {
    await using sample = await startSample('chat');
    await using _ada = await enter(sample, 'Ada');
    await using other = await openPage(sample);
    await other.join('Ada');
    await other.page.getByRole('alert').getByText('Somebody in #blue is called “Ada”').waitFor();
    await other.join('Adam');
    await other.lists(['Adam', 'Ada']);
  });

  it('reconnects to a server that was killed, without showing a message twice or losing one', async () => {
    const first = await startSample('chat');
    const { port } = new URL(first.url);
    await using ada = await enter(first, 'Ada');
    await using grace = await enter(first, 'Grace');
    await ada.say('before');
    await grace.sees('before');
    await first.kill();
    for (const { page } of [ada, grace]) await page.locator('#banner').waitFor();
    await ada.say('while it was away');
    expect(await ada.page.textContent('#outbox .state')).toBe('Waiting');
    await using _second = await startSample('chat', { port: Number(port) });
    for (const { page } of [ada, grace]) await page.getByText('Connected', { exact: true }).waitFor();
    await grace.page.click('#leave');
    await grace.join('Grace');
    await grace.sees('while it was away');
    await ada.say('after');
    await grace.sees('after');
    await expect.poll(() => ada.texts()).toEqual(['before', 'while it was away', 'after']);
    expect(await ada.page.locator('#outbox li').count()).toBe(0);
    expect(await ada.page.isVisible('#banner')).toBe(false);
  });

  it('shows what was said while its connection was cut, and nothing twice', async () => {
    await using sample = await startSample('chat');
    await using proxy = await LossyProxy.to(sample.url);
    await using ada = await enter(proxy, 'Ada');
    await using grace = await enter(sample, 'Grace');
    await ada.say('before');
    await ada.sees('before');
    // The server takes this message, but its reply never arrives.
    proxy.hold();
    await ada.say('in flight');
    await grace.sees('in flight');
    expect(await ada.page.textContent('#outbox .state')).toBe('Sending…');
    proxy.cut();
    await ada.page.locator('#banner').waitFor();
    await grace.say('missed');
    await grace.sees('missed');
    proxy.mend();
    await ada.sees('missed');
    await grace.say('after');
    await ada.sees('after');
    const all = ['before', 'in flight', 'missed', 'after'];
    expect([await ada.texts(), await grace.texts()]).toEqual([all, all]);
    expect(await ada.page.locator('#outbox li').count()).toBe(0);
  });

  it('comes back to its room after a reload', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await ada.say('still here');
    await ada.sees('still here');
    await using _grace = await enter(sample, 'Grace');
    await ada.page.reload();
    await ada.sees('still here');
    await ada.lists(['Ada', 'Grace']);
  });

  it('goes to the room of a link that is opened while it is in another', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await ada.say('in blue');
    await ada.sees('in blue');
    await ada.page.goto(`${sample.url}/#red`);
    await ada.page.getByRole('heading', { name: '#red' }).waitFor();
    expect(await ada.texts()).toEqual([]);
  });

  it('leaves a reader of older messages in place, and counts the new ones', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada');
    await using grace = await enter(sample, 'Grace', PHONE);
    for (let at = 1; at <= 20; at++) await ada.say(`line ${at}`);
    await grace.sees('line 20');
    const scroller = grace.page.locator('#scroller');
    const gap = () => scroller.evaluate(box => box.scrollHeight - box.scrollTop - box.clientHeight);
    expect(await gap()).toBeLessThan(2);
    await scroller.evaluate(box => box.scrollTo(0, 0));
    await expect.poll(gap).toBeGreaterThan(100);
    await ada.say('line 21');
    await grace.page.getByRole('button', { name: '1 new message' }).click();
    await expect.poll(gap).toBeLessThan(2);
  });

  it('fits a phone, where the people are behind a button', async () => {
    await using sample = await startSample('chat');
    await using ada = await enter(sample, 'Ada', PHONE);
    await ada.say('x'.repeat(400));
    await ada.sees('x'.repeat(400));
    const overflow = () => ada.page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(await overflow()).toBe(0);
    expect(await ada.page.isVisible('#people')).toBe(false);
    await ada.page.getByRole('button', { name: '1 here' }).click();
    await ada.lists(['Ada']);
  });
});

/** One page, as the person in front of it sees it. */
interface Person extends AsyncDisposable {
  readonly page: Page;
  /** Fills in the form and sends it. */
  join(name: string): Promise<void>;
  say(text: string): Promise<void>;
  /** Waits for a message among those of the room. */
  sees(text: string): Promise<void>;
  notes(notice: string): Promise<void>;
  /** Waits for the people to be these. */
  lists(names: string[]): Promise<void>;
  texts(): Promise<string[]>;
  ownTexts(): Promise<string[]>;
}

async function openPage({ url }: Pick<Sample, 'url'>, options: BrowserContextOptions = {}): Promise<Person> {
  // Not in a beforeAll(): its failure would count every spec as skipped.
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const context = await (await browser).newContext(options);
  context.setDefaultTimeout(DEADLINE);
  const page = await context.newPage();
  await page.goto(`${url}/#blue`);
  const messages = page.locator('#messages .message .bubble p');
  return {
    page,
    async join(name) {
      await page.fill('#name', name);
      await page.getByRole('button', { name: 'Join' }).click();
    },
    async say(text) {
      await page.fill('#text', text);
      await page.press('#text', 'Enter');
    },
    sees: text => messages.getByText(text, { exact: true }).waitFor(),
    notes: notice => page.locator('#messages .notice').getByText(notice).waitFor(),
    async lists(names) {
      const shown = () => page.locator('#people .name').allInnerTexts();
      await expect.poll(shown, { timeout: DEADLINE }).toEqual(names);
    },
    texts: () => messages.allInnerTexts(),
    ownTexts: () => page.locator('#messages .own .bubble p').allInnerTexts(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Opens a page and joins the room. */
async function enter(
  sample: Pick<Sample, 'url'>,
  name: string,
  options?: BrowserContextOptions,
): Promise<Person> {
  const person = await openPage(sample, options);
  await person.join(name);
  await person.page.getByText('Connected', { exact: true }).waitFor();
  return person;
}
