/**
 * Who a connection belongs to, as a guard says. Add your own properties by declaration merging:
 * `declare module 'gatewire' { interface ConnectionUser { readonly name: string } }`.
 */
export interface ConnectionUser {
  readonly id: string | number;
}
