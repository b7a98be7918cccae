/** CPU of this process while a function runs, in µs, its garbage collection and compilation included. */
export function cpuOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
