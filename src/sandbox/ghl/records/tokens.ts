import { randomBytes } from 'node:crypto';

/** For whom a pair was issued. Company grants have no locationId. */
export interface Grant {
  companyId: string;
  locationId?: string;
  scope: string;
}

export interface TokenPair extends Grant {
  accessToken: string;
  refreshToken: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  expiresInS: number;
  /** Set when the refresh token was used, with what it was exchanged for. */
  spent?: { at: number; successor: TokenPair };
}

/** An authorization code: good once. */
export interface CodeGrant extends Grant {
  redirectUri: string;
}

function secret(kind: 'access' | 'refresh' | 'code'): string {
  return `sbx-${kind}-${randomBytes(24).toString('base64url')}`;
}

/** The OAuth side of the stand-in. Every secret begins with `sbx-`, so that a leak is found by a search. */
export class TokenStore {
  private readonly codes = new Map<string, CodeGrant>();
  private readonly byAccess = new Map<string, TokenPair>();
  private readonly byRefresh = new Map<string, TokenPair>();

  newCode(grant: CodeGrant): string {
    const code = secret('code');
    this.codes.set(code, grant);
    return code;
  }

  /** Returns the grant of a code and uses the code up, or undefined. */
  useCode(code: string): CodeGrant | undefined {
    const grant = this.codes.get(code);
    this.codes.delete(code);
    return grant;
  }

  issue(grant: Grant, now: number, expiresInS: number): TokenPair {
    const { companyId, locationId, scope } = grant;
    const pair: TokenPair = {
      companyId,
      locationId,
      scope,
      accessToken: secret('access'),
      refreshToken: secret('refresh'),
      expiresAt: now + expiresInS * 1000,
      expiresInS,
    };
    this.byAccess.set(pair.accessToken, pair);
    this.byRefresh.set(pair.refreshToken, pair);
    return pair;
  }

  /**
   * Returns the successor of a refresh token: a new pair at its first use, the same pair again within `reuseMs` of it,
   * undefined afterwards and for a token that is not known.
   */
  refresh(refreshToken: string, now: number, expiresInS: number, reuseMs: number): TokenPair | undefined {
    const pair = this.byRefresh.get(refreshToken);
    if (pair === undefined) return undefined;
    if (pair.spent !== undefined) return now - pair.spent.at < reuseMs ? pair.spent.successor : undefined;
    pair.spent = { at: now, successor: this.issue(pair, now, expiresInS) };
    return pair.spent.successor;
  }

  byAccessToken(token: string): TokenPair | undefined {
    return this.byAccess.get(token);
  }

  byRefreshToken(token: string): TokenPair | undefined {
    return this.byRefresh.get(token);
  }

  /** Lets the access tokens of a location or company run out at `now`; their refresh tokens stay good. */
  expire(resourceId: string, now: number): void {
    for (const pair of this.of(resourceId)) pair.expiresAt = Math.min(pair.expiresAt, now);
  }

  /** Forgets every token of a location or company: uninstalled. */
  revoke(resourceId: string): void {
    for (const pair of this.of(resourceId)) {
      this.byAccess.delete(pair.accessToken);
      this.byRefresh.delete(pair.refreshToken);
    }
  }

  private of(resourceId: string): TokenPair[] {
    return [...this.byRefresh.values()].filter((pair) => (pair.locationId ?? pair.companyId) === resourceId);
  }
}
