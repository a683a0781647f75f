import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { escapeHtml, html } from '../../src/http/pages/html';
import { companyInstalledPage } from '../../src/http/pages/companyInstalled';
import { installedPage } from '../../src/http/pages/installed';
import { PAGE_POLICY } from '../../src/http/pages/layout';
import { notInstalledPage } from '../../src/http/pages/notInstalled';

/** What a browser makes of the five entities that escapeHtml writes. */
const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

test('escaped text opens no element, no attribute and no entity, and reads as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ';', 'a', '#', '3') }), (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(unescape(escaped)).toBe(text);
    }),
  );
});

test('the template escapes texts and takes markup as it is', () => {
  expect(html`<p title="${'"<'}">${html`<b>${'&'}</b>`}</p>`.markup).toBe('<p title="&quot;&lt;"><b>&amp;</b></p>');
});

test('whatever a location is called, the page keeps its elements', () => {
  const elements = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];
  const plain = installedPage({
    kind: 'location',
    locationId: 'loc',
    name: 'Acme',
    hasNumber: false,
    tokenKept: false,
  });
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, locationId) => {
      expect(
        elements(installedPage({ kind: 'location', locationId, name, hasNumber: false, tokenKept: false })),
      ).toEqual(elements(plain));
    }),
  );
});

test('the policy names the very style sheet that the page holds', () => {
  for (const page of [
    installedPage({ kind: 'location', locationId: 'l', name: null, hasNumber: true, tokenKept: false }),
    companyInstalledPage({ kind: 'company', companyId: 'c', locations: 500 }),
    notInstalledPage('x', 'r').markup,
  ]) {
    const [, css = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    expect(PAGE_POLICY).toContain(`'sha256-${createHash('sha256').update(css).digest('base64')}'`);
    expect(page).toMatch(/^<!doctype html>\s+<html lang="en">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
  }
});

test('a location without a name goes by its id', () => {
  expect(
    installedPage({ kind: 'location', locationId: 'loc1', name: null, hasNumber: false, tokenKept: false }),
  ).toContain('<h1>Location loc1 is connected</h1>');
});

test('what is next is what is left: a number, with or without a token of the gateway, or nothing', () => {
  const show = (hasNumber: boolean, tokenKept: boolean) =>
    installedPage({ kind: 'location', locationId: 'loc1', name: 'Acme', hasNumber, tokenKept });
  expect(show(false, false)).toContain('connect --location loc1 --instance INSTANCE_ID --token-file FILE<');
  expect(show(false, true)).toContain('connect --location loc1 --instance INSTANCE_ID<');
  for (const tokenKept of [true, false]) expect(show(true, tokenKept)).not.toContain('connect --location');
});

test('no word is so long that a small screen would have to be moved sideways', () => {
  const shown = installedPage({ kind: 'location', locationId: 'l', name: null, hasNumber: false, tokenKept: false });
  expect(shown).toMatch(/main \{[^}]*overflow-wrap: anywhere/);
  expect(shown).toMatch(/pre \{[^}]*white-space: pre-wrap/);
});

test.each([
  [null, 'are being connected'],
  [0, 'None of its locations has the app yet'],
  [1, 'Its one location'],
  [500, 'Its 500 locations'],
])('an agency with %p locations is told so', (locations, words) => {
  expect(companyInstalledPage({ kind: 'company', companyId: 'c', locations })).toContain(words);
});
