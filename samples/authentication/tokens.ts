import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ConnectionUser, Injectable } from 'gatewire';

export type Role = 'editor' | 'admin';

/** Who a connection belongs to here. */
export interface Member extends ConnectionUser {
  readonly name: string;
  readonly roles: readonly Role[];
}

const LIFETIME = 15 * 60 * 1000;

/** Signs bearer tokens, `payload.signature`, and reads those that it signed. */
@Injectable()
export class Tokens {
  // Of this process: those of a real application share one, from their configuration.
  readonly #secret = randomBytes(32);

  sign(member: Member, expiresAt = Date.now() + LIFETIME): string {
    const payload = Buffer.from(JSON.stringify({ member, expiresAt })).toString('base64url');
    return `${payload}.${this.#signatureOf(payload).toString('base64url')}`;
  }

  read(token: string): Member | undefined {
    const [payload = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const due = this.#signatureOf(payload);
    if (given.length !== due.length || !timingSafeEqual(given, due)) return undefined;
    const { member, expiresAt } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return expiresAt > Date.now() ? member : undefined;
  }

  #signatureOf(payload: string): Buffer {
    return createHmac('sha256', this.#secret).update(payload).digest();
  }
}

/** Who is signed in by a cookie, until they sign out. */
@Injectable()
export class Sessions {
  readonly #members = new Map<string, Member>();

  begin(member: Member): string {
    const id = randomBytes(32).toString('base64url');
    this.#members.set(id, member);
    return id;
  }

  find(id: string): Member | undefined {
    return this.#members.get(id);
  }

  end(id: string): void {
    this.#members.delete(id);
  }
}
