import { Injectable } from 'gatewire';

/** A service with the name of another one: minified, both are called the same anyway. */
@Injectable()
export class Service {
  greet(name: string): string {
    return `hello ${name}`;
  }
}
