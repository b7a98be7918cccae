/** A client for the specs that are generated, to stand at their end. */
export const EVENTS_CLIENT = `/** Connects to an events route, and gives a function that asks for the reply to an event. */
async function connect(url: string) {
  const socket = new WebSocket(url.replace('http', 'ws'));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return (event: string, data?: unknown): Promise<unknown> => {
    socket.send(JSON.stringify({ event, data, id: 1 }));
    return new Promise((resolve, reject) => {
      socket.onmessage = ({ data: frame }) => {
        const { id, data: reply, error } = JSON.parse(String(frame));
        if (id !== 1) return;
        error === undefined ? resolve(reply) : reject(new Error(error.code));
      };
    });
  };
}
`;
