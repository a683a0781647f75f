import { isPublicAddress } from '../../src/media/fetch/publicAddress';
import { checkedLookup } from '../../src/media/fetch/checkedLookup';
import { redirectOf, targetOf, type AllowedHost } from '../../src/media/fetch/target';

const NOT_PUBLIC = {
  'this network': '0.0.0.0',
  'private 10': '10.1.2.3',
  'carrier NAT': '100.64.0.1',
  loopback: '127.0.0.1',
  'loopback elsewhere': '127.255.255.254',
  'link-local, the metadata service': '169.254.169.254',
  'private 172': '172.31.255.255',
  'protocol assignments': '192.0.0.8',
  documentation: '192.0.2.1',
  'private 192': '192.168.0.1',
  benchmarks: '198.18.0.1',
  multicast: '224.0.0.1',
  reserved: '240.0.0.1',
  broadcast: '255.255.255.255',
  'IPv6 unspecified': '::',
  'IPv6 loopback': '::1',
  'IPv4 in IPv6, old': '::127.0.0.1',
  'IPv4-mapped': '::ffff:127.0.0.1',
  'IPv4-mapped, in hex': '::ffff:7f00:1',
  'IPv4-mapped, of a public one': '::ffff:8.8.8.8',
  NAT64: '64:ff9b::7f00:1',
  'NAT64, local': '64:ff9b:1::1',
  '6to4': '2002:7f00:1::',
  Teredo: '2001::1',
  'unique local': 'fd00:ec2::254',
  'IPv6 link-local': 'fe80::1',
  'with a zone': 'fe80::1%eth0',
  'public with a zone': '2606:4700::1111%eth0',
  'site-local': 'fec0::1',
  'IPv6 multicast': 'ff02::1',
  'IPv6 documentation': '2001:db8::1',
  'no address': 'localhost',
  'an octal spelling': '0177.0.0.1',
  empty: '',
};

describe('isPublicAddress', () => {
  it.each(Object.entries(NOT_PUBLIC))('says no to %s', (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('says yes to %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

const ALLOWED: AllowedHost[] = [
  { host: 'media.local', port: undefined },
  { host: '10.0.0.7', port: 8080 },
  { host: '[::1]', port: 80 },
];

const REFUSED = {
  'plain http': 'http://files.example.com/a.jpg',
  'another scheme': 'ftp://files.example.com/a.jpg',
  'a file': 'file:///etc/passwd',
  data: 'data:image/png;base64,AAAA',
  'a user name': 'https://user@files.example.com/a.jpg',
  'a password': 'https://user:word@files.example.com/a.jpg',
  'a look-alike with user info': 'https://files.example.com@127.0.0.1/a.jpg',
  'another port': 'https://files.example.com:6379/a.jpg',
  'the port of plain http': 'https://files.example.com:80/a.jpg',
  'dotted loopback': 'https://127.0.0.1/a.jpg',
  decimal: 'https://2130706433/a.jpg',
  hex: 'https://0x7f000001/a.jpg',
  'hex by parts': 'https://0x7f.0x0.0x0.0x1/a.jpg',
  octal: 'https://0177.0.0.1/a.jpg',
  short: 'https://127.1/a.jpg',
  'full-width digits': 'https://１２７.0.0.1/a.jpg',
  'percent-encoded': 'https://%31%32%37.0.0.1/a.jpg',
  'with a dot behind': 'https://127.0.0.1./a.jpg',
  'IPv6 loopback': 'https://[::1]/a.jpg',
  'mapped IPv6': 'https://[::ffff:169.254.169.254]/a.jpg',
  NAT64: 'https://[64:ff9b::a00:1]/a.jpg',
  'a zone': 'https://[fe80::1%25eth0]/a.jpg',
  localhost: 'https://localhost/a.jpg',
  'localhost with a dot behind': 'https://LOCALHOST./a.jpg',
  'a name under localhost': 'https://app.localhost/a.jpg',
  'a name without a dot': 'https://redis/a.jpg',
  'an allowed host on another port': 'http://10.0.0.7:9090/a.jpg',
  'an allowed host on the default port': 'https://10.0.0.7/a.jpg',
  'user info on an allowed host': 'http://user@media.local/a.jpg',
  'another scheme on an allowed host': 'gopher://media.local/a.jpg',
  'a name under an allowed host': 'http://x.media.local/a.jpg',
  'no address': 'a.jpg',
  'an endless one': `https://files.example.com/${'a'.repeat(9_000)}`,
  empty: '',
};

const MAY: [string, string, boolean][] = [
  ['https', 'https://files.example.com/a.jpg?sig=1', false],
  ['https on 8443', 'https://files.example.com:8443/a.jpg', false],
  ['a public literal', 'https://8.8.8.8/a.jpg', false],
  ['an allowed name in plain http', 'http://MEDIA.local:9000/a.jpg', true],
  ['an allowed private literal', 'http://10.0.0.7:8080/a.jpg', true],
  ['an allowed literal, spelt otherwise', 'http://0xa000007:8080/a.jpg', true],
  ['an allowed IPv6 literal on the default port', 'http://[0::1]/a.jpg', true],
];

describe('targetOf', () => {
  it.each(Object.entries(REFUSED))('refuses %s', (_name, address) => {
    expect(() => targetOf(address, ALLOWED)).toThrow(
      expect.objectContaining({ code: 'media_address_refused', retry: 'never' }),
    );
  });

  it.each(MAY)('takes %s', (_name, address, vouchedFor) => {
    expect(targetOf(address, ALLOWED).vouchedFor).toBe(vouchedFor);
  });

  it('does not repeat the address', () => {
    expect(() => targetOf('https://user:word@files.example.com/secret', [])).toThrow(/^[^/]*$/);
  });
});

describe('redirectOf', () => {
  const secure = targetOf('https://media.local/a/b.jpg', ALLOWED);
  const plain = targetOf('http://media.local/a/b.jpg', ALLOWED);

  it('reads where it leads from where it was', () => {
    expect(redirectOf(secure, '../c.jpg?x', ALLOWED).url.href).toBe('https://media.local/c.jpg?x');
    expect(redirectOf(plain, '//media.local:81/c.jpg', ALLOWED).url.href).toBe('http://media.local:81/c.jpg');
    expect(redirectOf(plain, 'https://files.example.com/', ALLOWED).vouchedFor).toBe(false);
  });

  it.each(['http://media.local/a.jpg', 'http://files.example.com/a.jpg', 'https://10.0.0.1/', '//127.0.0.1/'])(
    'does not lead from https to %s',
    (location) => {
      expect(() => redirectOf(secure, location, ALLOWED)).toThrow(
        expect.objectContaining({ code: 'media_address_refused' }),
      );
    },
  );

  it('does not lead nowhere', () => {
    expect(() => redirectOf(secure, undefined, ALLOWED)).toThrow(expect.objectContaining({ code: 'media_gone' }));
  });
});

type Found = { address: string; family: number }[];

/** Asks a lookup as the socket does; resolves with what the socket gets. */
function lookUp(answers: Found[], vouchedFor: boolean, all = true) {
  const lookup = checkedLookup(() => Promise.resolve(answers.shift()!), vouchedFor);
  return () =>
    new Promise((resolve, reject) => {
      lookup('files.example.com', { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
    });
}

describe('checkedLookup', () => {
  const pub = { address: '8.8.8.8', family: 4 };
  const priv = { address: '127.0.0.1', family: 4 };
  const mapped = { address: '::ffff:10.0.0.1', family: 6 };

  it('hands over public addresses only', async () => {
    await expect(lookUp([[priv, pub, mapped]], false)()).resolves.toEqual([pub]);
    await expect(lookUp([[priv, pub]], false, false)()).resolves.toBe('8.8.8.8');
  });

  it('refuses a name whose answer changes to a private one, at that look-up', async () => {
    const ask = lookUp([[pub], [priv]], false);
    await expect(ask()).resolves.toEqual([pub]);
    await expect(ask()).rejects.toMatchObject({ code: 'media_address_refused' });
  });

  it('asks nothing of a host that is vouched for', async () => {
    await expect(lookUp([[priv]], true)()).resolves.toEqual([priv]);
  });

  it('passes on that a name is unknown', async () => {
    const lookup = checkedLookup(() => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })), false);
    const asked = new Promise((_resolve, reject) => lookup('x.example.com', { all: true }, (error) => reject(error!)));
    await expect(asked).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
