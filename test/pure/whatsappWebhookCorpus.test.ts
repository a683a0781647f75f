import { parseWebhook } from '../../src/channels/whatsapp/webhook';
import { inboundParts } from '../../src/domain/parts';
import { CORPUS_INSTANCE, CORPUS_NOW, inboundCorpus } from '../support/inboundCorpus';

const corpus = inboundCorpus();

test.each(corpus)('$title', ({ raw, events }) => {
  expect(parseWebhook({ instanceId: CORPUS_INSTANCE }, raw, CORPUS_NOW)).toEqual(events);
});

test('every message of it has something to be posted', () => {
  const messages = corpus.flatMap(({ events }) => events).filter((event) => 'content' in event);
  expect(messages.length).toBeGreaterThan(150);
  for (const { content } of messages) expect(inboundParts(content)).toHaveLength(1);
});

test('its cases have names of their own', () => {
  const titles = corpus.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});
