import type { Context } from 'koa';
import { STATE_LIFE_MS } from '../crypto/oauthState';

const NAME = 'bridge_install';
/** Nobody but the two OAuth addresses gets it. */
const SCOPE = 'Path=/oauth; HttpOnly; SameSite=Lax';

/** Gives the browser its secret for one installation. Secure but on a loopback address, which has no TLS. */
export function setInstallCookie(ctx: Pick<Context, 'append'>, publicUrl: string, cookie: string): void {
  // Not by Koa's own means: behind a proxy it takes the connection for an unencrypted one and refuses.
  ctx.append('Set-Cookie', `${NAME}=${cookie}; Max-Age=${STATE_LIFE_MS / 1000}; ${SCOPE}${secure(publicUrl)}`);
}

/** Takes the secret back: the installation has come to its end. */
export function dropInstallCookie(ctx: Pick<Context, 'append'>, publicUrl: string): void {
  ctx.append('Set-Cookie', `${NAME}=; Max-Age=0; ${SCOPE}${secure(publicUrl)}`);
}

/** Returns the browser's secret, or undefined. */
export function installCookie(ctx: Pick<Context, 'cookies'>): string | undefined {
  return ctx.cookies.get(NAME);
}

function secure(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '; Secure' : '';
}
