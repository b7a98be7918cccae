#!/usr/bin/env bun
import { run } from './run.ts';

process.exit(await run(['new', ...process.argv.slice(2)]));
