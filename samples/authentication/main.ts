import { createApplication } from 'gatewire';
import { NoticesModule } from './notices.ts';
import { type Member, Sessions, Tokens } from './tokens.ts';

/** Whoever knows the password of one of them is that member. */
const accounts: readonly { readonly member: Member; readonly hash: string }[] = [
  { member: { id: 1, name: 'ada', roles: ['editor', 'admin'] }, hash: Bun.password.hashSync('engine') },
  { member: { id: 2, name: 'grace', roles: [] }, hash: Bun.password.hashSync('compiler') },
];

const app = await createApplication(NoticesModule, {
  routes: app => ({
    // A cookie for browsers, a token for everybody else.
    '/sign-in': {
      POST: async request => {
        const { name, password } = (await request.json().catch(() => ({}))) as Record<string, unknown>;
        const account = accounts.find(({ member }) => member.name === name);
        if (account === undefined || !(await Bun.password.verify(`${password}`, account.hash))) {
          return Response.json({ message: 'Wrong name or password' }, { status: 401 });
        }
        const session = app.get(Sessions).begin(account.member);
        request.cookies.set('session', session, {
          httpOnly: true,
          sameSite: 'lax',
          secure: !isLocal(request),
        });
        return Response.json({ token: app.get(Tokens).sign(account.member) });
      },
    },
    '/sign-out': {
      POST: request => {
        app.get(Sessions).end(request.cookies.get('session') ?? '');
        request.cookies.delete('session');
        return new Response(null, { status: 204 });
      },
    },
  }),
});
await app.listen(Number(process.env.PORT ?? 3000));
console.log(`Sign in at ${app.url}/sign-in as ada with "engine", or as grace with "compiler"`);

function isLocal({ url }: Request): boolean {
  return ['localhost', '127.0.0.1'].includes(new URL(url).hostname);
}
