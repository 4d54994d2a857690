import { guest, type Identity, identity } from '../identity/identity.ts';
import { useStored } from '../stored.ts';
import { type Claims, claimsOf, token } from './token.ts';

/** Who one is: whom the token names, or else whom one has chosen to be, in this tab or in all of them. */
export interface Me extends Identity {
  readonly claims: Claims | undefined;
}

export function useMe(): Me {
  const usual = useStored(identity);
  const chosen = useStored(guest) ?? usual;
  const claims = claimsOf(useStored(token));
  return claims
    ? { id: claims.subject, name: claims.name, color: claims.color ?? chosen.color, claims }
    : { ...chosen, claims };
}
