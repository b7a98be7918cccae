/** Enums of another file: Bun and Vite reflect an imported enum as the object itself. */
export enum Level {
  Low,
  High,
}

export enum Mood {
  Good = 'good',
  Bad = 'bad',
}
