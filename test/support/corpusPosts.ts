import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inboundCorpus } from './inboundCorpus';

/** A message as GHL shows it. */
export interface CorpusPost {
  message: string;
  altId: string;
  /** ISO. A body that tells no time is written when it comes: at CORPUS_NOW. */
  date: string;
  direction: 'inbound' | 'outbound';
  /** Whose conversation it stands in: the phone, or the name of a contact that has none. */
  contact: string;
  /** Its one attachment is the file that the body refers to. */
  attachments?: 'file';
}

/** The same as the corpus has it: what it does not say is `inbound` and of CORPUS_PERSON. */
type Written = Partial<CorpusPost> & Pick<CorpusPost, 'message' | 'altId' | 'date'>;

interface Expected {
  /** Everything that GHL gets, in this order. */
  posts: Written[];
  /** The same of a number that takes part in groups, where that makes a difference. */
  postsWithGroups?: Written[];
}

/** A webhook body and what has to come of it in GHL, for a number that has been connected since CORPUS_CONNECTED. */
export interface PostedCase {
  title: string;
  raw: Buffer;
  posts: CorpusPost[];
  postsWithGroups?: CorpusPost[];
}

/** Nearly every body of the corpus is about her. */
const CORPUS_PERSON = '+60123456789';
/** What is older was answered elsewhere (epoch milliseconds). */
export const CORPUS_CONNECTED = 1_740_000_000_000;

const FOLDER = join(__dirname, '../corpus/inbound');

/** Returns every case of test/corpus/inbound with its posts. */
export function corpusPosts(): PostedCase[] {
  const expected = readdirSync(FOLDER).flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { cases: Expected[] };
    return cases;
  });
  return inboundCorpus().map(({ title, raw }, index) => {
    const { posts, postsWithGroups } = expected[index]!;
    return { title, raw, posts: posts.map(inFull), postsWithGroups: postsWithGroups?.map(inFull) };
  });
}

function inFull(post: Written): CorpusPost {
  return { direction: 'inbound', contact: CORPUS_PERSON, ...post };
}
