import type { World } from './world';

/** The page on which a browser came to rest. */
export interface Shown {
  status: number;
  heading: string;
  page: string;
  /** The addresses it was sent to on the way. */
  way: string[];
}

const MOST_REDIRECTS = 5;

/** A browser as far as an installation needs one: it follows redirects and keeps cookies by host. */
export function openBrowser() {
  const jar = new Map<string, string>();
  const cookieOf = (url: URL): string | undefined => jar.get(url.host);

  const keep = (url: URL, answer: Response): void => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      if (line.includes('Max-Age=0')) jar.delete(url.host);
      else jar.set(url.host, pair);
    }
  };

  return {
    cookies: jar,
    /** Opens an address; `choose` is what the person chooses on GHL's page. */
    async open(address: string, choose: Record<string, string> = {}): Promise<Shown> {
      const way: string[] = [];
      let url = new URL(address);
      for (let n = 0; n < MOST_REDIRECTS; n++) {
        if (url.pathname.endsWith('/chooselocation'))
          for (const [name, value] of Object.entries(choose)) url.searchParams.set(name, value);
        way.push(url.toString());
        const cookie = cookieOf(url);
        const answer = await fetch(url, { redirect: 'manual', headers: cookie === undefined ? {} : { cookie } });
        keep(url, answer);
        const next = answer.headers.get('location');
        if (next === null) {
          const page = await answer.text();
          return { status: answer.status, heading: /<h1>([^<]*)<\/h1>/.exec(page)?.[1] ?? '', page, way };
        }
        url = new URL(next, url);
      }
      throw new Error('The browser was sent in circles.');
    },
  };
}

/** Posts an app event to the bridge as GHL does. Resolves with the status of the answer. */
export async function postEvent(world: World, type: string, more: object): Promise<number> {
  const { locationId, companyId, ...extra } = more as { locationId?: string; companyId?: string };
  const url = `${world.publicUrl}/ghl/webhooks`;
  return (await world.ghl.postEvent({ type, url, locationId, companyId, extra })).status;
}
