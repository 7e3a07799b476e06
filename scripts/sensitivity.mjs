#!/usr/bin/env node
// Removes one safeguard at a time from a copy of the tree and runs the tests that should fail: see docs/testing.md.
// usage: scripts/sensitivity.mjs [part of a safeguard's name]
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const client = 'clients/dotnet/PresenceHub.Client';
const server = 'src/PresenceHub.Server';

// `find` must occur exactly once in `file`. The script fails if the code has changed, because nothing would be removed then.
const safeguards = [
  {
    name: 'client keeps the greater (epoch, revision)',
    file: `${client}/PresenceView.cs`,
    find: 'if (held is not null && entry.IsOlderThan(held))',
    replace: 'if (held is not null && entry.Id.Length is 0)',
    project: 'PresenceHub.Client.Tests',
    filter: 'FullyQualifiedName~WatchBookTests|FullyQualifiedName~ConvergenceTests',
  },
  {
    name: 'epoch fence of the scripts',
    file: `${server}/Store/fence.lua`,
    find: 'local begins = meta[1] ~= instance or not is_readable or epoch < seen_epoch',
    replace: 'local begins = not meta[1] or not is_readable',
    project: 'PresenceHub.FunctionalTests',
    filter: 'FullyQualifiedName~PresenceMirrorTests|FullyQualifiedName~RedisPresenceStoreTests',
  },
  {
    name: 'position check every two seconds',
    file: `${server}/Store/MirrorPartition.cs`,
    find: 'return _isFollowing && _position.Epoch == position.Epoch && _position.Offset >= position.Offset;',
    replace: 'return _isFollowing || position.Offset < 0;',
    project: 'PresenceHub.FunctionalTests',
    filter: 'FullyQualifiedName~PresenceMirrorTests',
  },
  {
    name: 'probe of the subscription',
    file: `${server}/Store/SubscriptionProbe.cs`,
    find: 'if (lost.Length > 0)',
    replace: 'if (lost.Length > probed)',
    project: 'PresenceHub.FunctionalTests',
    filter: 'FullyQualifiedName~RedisSubscriptionProbeTests|FullyQualifiedName~DeafLinkTests',
  },
  {
    name: 'a node behind the cursor reads through',
    file: `${server}/Store/MirrorRead.cs`,
    find: 'var isAhead = isOfLaterEpoch || since?.Time > _positions[partition].Clock;',
    replace: 'var isAhead = isOfLaterEpoch && since?.Time < 0;',
    project: 'PresenceHub.FunctionalTests',
    filter: 'FullyQualifiedName~PresenceMirrorTests',
  },
  {
    name: 'policy is asked again about what is watched',
    file: `${server}/WatchLists/ConnectionWatchLists.cs`,
    find: 'if (visible.Count == subjects.Count)',
    replace: 'if (visible.Count <= subjects.Count)',
    project: 'PresenceHub.Server.Tests',
    filter: 'FullyQualifiedName~PolicyReviewTests',
  },
  {
    name: 'a client that takes nothing is closed',
    file: `${server}/Fanout/FanoutService.cs`,
    find: 'outbox.WaitingFor > options.Value.StuckAfter',
    replace: 'outbox.WaitingFor > options.Value.StuckAfter + TimeSpan.FromDays(1)',
    project: 'PresenceHub.Server.Tests',
    filter: 'FullyQualifiedName~FanoutServiceTests',
  },
  {
    name: 'signature of encrypted notifications',
    file: `${server}/Ingest/Notifications/PayloadDecryptor.cs`,
    find: '!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, data), signature)',
    replace: 'signature.Length > 1024',
    project: 'PresenceHub.Server.Tests',
    filter: 'FullyQualifiedName~PayloadDecryptorTests|FullyQualifiedName~ForgeriesTests',
  },
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv[2] ?? '';
const chosen = safeguards.filter((safeguard) => safeguard.name.includes(wanted));
const scratch = mkdtempSync(join(tmpdir(), 'presencehub-sensitivity-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

function run(command, args, options = {}) {
  return spawnSync(command, args, {
    cwd: scratch,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
    ...options,
  });
}

function copyTree() {
  const files = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root }).stdout.split('\0');
  for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(scratch, file), { preserveTimestamps: true });
  }

  // The page at / is built with the server; its packages need not be fetched again.
  const packages = 'clients/typescript/node_modules';
  if (existsSync(join(root, packages))) {
    cpSync(join(root, packages), join(scratch, packages), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  }
}

function build(project) {
  const built = run('dotnet', ['build', `tests/${project}`, '--nologo', '-v', 'quiet']);
  if (built.status !== 0) {
    throw new Error(`tests/${project} does not build:\n${built.stdout.slice(-4000)}`);
  }
}

// The tests that failed; none when all passed.
function test(project, filter) {
  const tested = run('dotnet', ['test', `tests/${project}`, '--no-build', '--nologo', '--filter', filter]);
  const failed = [...tested.stdout.matchAll(/^ +Failed ([^\s(]+)/gm)].map((match) => match[1].split('.').slice(-2).join('.'));
  const ran = /(Passed|Failed)! +- Failed: +\d+, Passed: +\d+/.test(tested.stdout);
  if (!ran || (tested.status !== 0) !== failed.length > 0) {
    throw new Error(`The tests ${filter} of ${project} did not run:\n${tested.stdout.slice(-4000)}${tested.stderr}`);
  }

  return failed;
}

function without(safeguard) {
  const path = join(scratch, safeguard.file);
  const text = readFileSync(path, 'utf8');
  if (text.split(safeguard.find).length !== 2) {
    throw new Error(`${safeguard.file} must contain this exactly once; update the safeguard "${safeguard.name}":\n${safeguard.find}`);
  }

  writeFileSync(path, text.replace(safeguard.find, () => safeguard.replace));
  try {
    build(safeguard.project);
    return test(safeguard.project, safeguard.filter);
  } finally {
    writeFileSync(path, text);
  }
}

copyTree();
for (const project of new Set(chosen.map((safeguard) => safeguard.project))) {
  build(project);
  const filter = [...new Set(chosen.filter((safeguard) => safeguard.project === project).map((safeguard) => safeguard.filter))].join('|');
  const failed = test(project, filter);
  if (failed.length > 0) {
    throw new Error(`With every safeguard in place these fail already: ${failed.join(', ')}`);
  }

  console.log(`${project}: the tests pass with every safeguard in place`);
}

let survivors = 0;
console.log(`\n${'safeguard removed'.padEnd(46)}noticed by`);
for (const safeguard of chosen) {
  const failed = without(safeguard);
  survivors += failed.length === 0 ? 1 : 0;
  console.log(`${safeguard.name.padEnd(46)}${failed.length === 0 ? 'NO TEST' : failed[0] + (failed.length > 1 ? ` and ${failed.length - 1} more` : '')}`);
}

console.log(`\n${chosen.length - survivors} of ${chosen.length} removed safeguards were noticed`);
process.exitCode = survivors === 0 && chosen.length > 0 ? 0 : 1;
