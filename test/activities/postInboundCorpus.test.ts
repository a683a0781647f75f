import { corpusPosts, type CorpusPost } from '../support/corpusPosts';
import { openCorpusWorld, type CorpusWorld } from '../support/corpusWorld';

const corpus = corpusPosts();
const ofGroups = corpus.flatMap(({ postsWithGroups, ...rest }) =>
  postsWithGroups === undefined ? [] : [{ ...rest, posts: postsWithGroups }],
);

let world: CorpusWorld;
beforeAll(async () => {
  world = await openCorpusWorld();
});
afterAll(() => world.close());

/** Nobody is made a contact without a message. */
const contactsOf = (posts: CorpusPost[]) => [...new Set(posts.map(({ contact }) => contact))];

describe('a body of the corpus becomes these messages in GHL, and no others', () => {
  test.each(corpus)('$title', async ({ raw, posts }) => {
    expect(await world.shownAfter(raw)).toEqual({ posts, contacts: contactsOf(posts) });
  });

  test.each(ofGroups)('where groups are on: $title', async ({ raw, posts }) => {
    expect(await world.shownAfter(raw, true)).toEqual({ posts, contacts: contactsOf(posts) });
  });
});
